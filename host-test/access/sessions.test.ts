import { IDLE_TIMEOUT_MS, MOST_SESSIONS, SESSION_TIMEOUT_MS, Sessions } from "../../access/sessions.js";
import { FakeSurroundings } from "./surroundings";

let world: FakeSurroundings;
let sessions: Sessions;

beforeEach(() => {
	world = new FakeSurroundings();
	sessions = new Sessions(world);
});

test("an identifier is 128 random bits and opens its own session only", () => {
	const id = sessions.open();
	expect(id).toMatch(/^[0-9a-f]{32}$/);
	expect(world.drawn).toContain(id);
	expect(sessions.has(id)).toBe(true);
	for (const wrong of ["", id.slice(2), `${id}00`, "0".repeat(32), "not hexadecimal at all, but long"])
		expect(sessions.has(wrong)).toBe(false);
});

test("it ends after 12 idle hours, and being used puts that off", () => {
	const id = sessions.open();
	world.time += IDLE_TIMEOUT_MS - 1;
	expect(sessions.has(id)).toBe(true);
	world.time += IDLE_TIMEOUT_MS - 1;
	expect(sessions.has(id)).toBe(true);
	world.time += IDLE_TIMEOUT_MS;
	expect(sessions.has(id)).toBe(false);
});

test("it ends after a week, however busy", () => {
	const id = sessions.open();
	for (let hour = 0; hour < 7 * 24 - 1; hour++) {
		world.time += 3_600_000;
		expect(sessions.has(id)).toBe(true);
	}
	world.time += 3_600_000;
	expect(SESSION_TIMEOUT_MS).toBe(7 * 24 * 3_600_000);
	expect(sessions.has(id)).toBe(false);
});

test("there are at most eight: the one that was used longest ago makes room", () => {
	const ids = Array.from({ length: MOST_SESSIONS }, () => {
		world.time += 1000;
		return sessions.open();
	});
	world.time += 1000;
	sessions.has(ids[0] as string);
	sessions.open();
	expect(sessions.count).toBe(MOST_SESSIONS);
	expect(sessions.has(ids[0] as string)).toBe(true);
	expect(sessions.has(ids[1] as string)).toBe(false);
});

test("signing out ends one session, a new password all", () => {
	const [one, other] = [sessions.open(), sessions.open()];
	sessions.close(one);
	expect([sessions.has(one), sessions.has(other)]).toEqual([false, true]);
	sessions.closeAll();
	expect(sessions.has(other)).toBe(false);
});

test("a CSRF token belongs to one session of one start", () => {
	const [one, other] = [sessions.open(), sessions.open()];
	const token = sessions.csrfToken(one);
	expect(token).toMatch(/^[0-9a-f]{32}$/);
	expect(sessions.isCsrfToken(one, token)).toBe(true);
	expect(sessions.isCsrfToken(other, token)).toBe(false);
	for (const wrong of ["", one, token.slice(2), `${token}00`, "null"])
		expect(sessions.isCsrfToken(one, wrong)).toBe(false);
	expect(new Sessions(world).csrfToken(one)).not.toBe(token);
});
