-- What TimescaleDB adds to schema.sql: chunks by day, compression, hourly values, retention.
CREATE EXTENSION IF NOT EXISTS timescaledb;

SELECT create_hypertable('reading', by_range('time', INTERVAL '1 day'));
ALTER TABLE reading SET (
	timescaledb.compress,
	timescaledb.compress_segmentby = 'gateway',
	timescaledb.compress_orderby = 'time'
);
SELECT add_compression_policy('reading', INTERVAL '2 days');
SELECT add_retention_policy('reading', INTERVAL '30 days');

SELECT create_hypertable('status', by_range('time', INTERVAL '7 days'));
SELECT add_retention_policy('status', INTERVAL '90 days');

-- Kept for good: counters and peaks by the hour.
CREATE MATERIALIZED VIEW reading_hourly WITH (timescaledb.continuous) AS
SELECT
	time_bucket(INTERVAL '1 hour', time) AS hour,
	gateway,
	max(energy_import) AS energy_import,
	max(energy_export) AS energy_export,
	max(heat_energy) AS heat_energy,
	max(heat_volume) AS heat_volume,
	avg(power_import) AS power_import,
	max(power_import) AS power_import_peak,
	count(*) AS readings
FROM reading
GROUP BY hour, gateway
WITH NO DATA;
SELECT add_continuous_aggregate_policy(
	'reading_hourly',
	start_offset => INTERVAL '3 days',
	end_offset => INTERVAL '1 hour',
	schedule_interval => INTERVAL '1 hour'
);
GRANT SELECT ON reading_hourly TO grafana;
