-- Tables of a fleet, in plain PostgreSQL. timescale.sql makes hypertables of them. Run once, by the database's owner.
-- A row is a reading; what it does not say is null and takes no room. Further quantities: ALTER TABLE reading ADD COLUMN.
CREATE TABLE reading (
	time timestamptz NOT NULL,
	gateway text NOT NULL,
	power_import double precision,
	power_export double precision,
	reactive_power_import double precision,
	reactive_power_export double precision,
	current_l1 double precision,
	current_l2 double precision,
	current_l3 double precision,
	voltage_l1 double precision,
	voltage_l2 double precision,
	voltage_l3 double precision,
	energy_import double precision,
	energy_export double precision,
	energy_import_t1 double precision,
	energy_import_t2 double precision,
	energy_export_t1 double precision,
	energy_export_t2 double precision,
	reactive_energy_import double precision,
	reactive_energy_export double precision,
	heat_energy double precision,
	heat_volume double precision,
	flow double precision,
	temperature_supply double precision,
	temperature_return double precision
);
CREATE INDEX reading_gateway_time ON reading (gateway, time DESC);

CREATE TABLE status (
	time timestamptz NOT NULL,
	gateway text NOT NULL,
	value text
);
CREATE INDEX status_gateway_time ON status (gateway, time DESC);

-- Which gateway hangs where: filled by whoever installs them. Personal data live here and nowhere else.
CREATE TABLE gateway (
	gateway text PRIMARY KEY,
	site text,
	ring integer NOT NULL DEFAULT 3 CHECK (ring BETWEEN 0 AND 3)
);

-- Users of the broker; passwords are 100 random bits, of which a salted SHA-256 is kept.
CREATE TABLE mqtt_user (
	username text PRIMARY KEY,
	password_hash text NOT NULL,
	salt text NOT NULL,
	revoked boolean NOT NULL DEFAULT false
);

CREATE FUNCTION set_mqtt_user(name text, password text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO mqtt_user (username, password_hash, salt)
	SELECT name, encode(sha256(convert_to(salt || password, 'UTF8')), 'hex'), salt
	FROM (SELECT replace(gen_random_uuid()::text, '-', '') AS salt) AS made
	ON CONFLICT (username) DO UPDATE
		SET password_hash = excluded.password_hash, salt = excluded.salt, revoked = false;
$$;

-- Gateways that are not there now, or have not sent for two minutes.
CREATE VIEW absent AS
SELECT g.gateway, g.site, s.value AS status, r.time AS last_reading
FROM gateway g
LEFT JOIN LATERAL (
	SELECT value FROM status WHERE status.gateway = g.gateway ORDER BY time DESC LIMIT 1
) s ON true
LEFT JOIN LATERAL (
	SELECT time FROM reading WHERE reading.gateway = g.gateway ORDER BY time DESC LIMIT 1
) r ON true
WHERE s.value IS DISTINCT FROM 'online' OR r.time IS NULL OR r.time < now() - INTERVAL '2 minutes';

-- Each program has what it needs; passwords are set afterwards: ALTER ROLE telegraf PASSWORD '…'.
CREATE ROLE telegraf LOGIN;
GRANT SELECT, INSERT ON reading, status TO telegraf;
CREATE ROLE emqx LOGIN;
GRANT SELECT ON mqtt_user TO emqx;
CREATE ROLE grafana LOGIN;
GRANT SELECT ON reading, status, gateway, absent TO grafana;
