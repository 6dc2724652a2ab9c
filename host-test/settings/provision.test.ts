// Provisioning files as a gateway judges and takes them. They are put together here by hand after the layout that
// settings/provision.ts tells, and signed by node:crypto with the key of RFC 6979, A.2.5, whose secret is public.

import "../../host/platform/globals";
import { sign } from "node:crypto";
import { Access } from "../../access/access";
import { makePassword } from "../../access/password";
import { ACCESS_FILE } from "../../app/gate";
import {
	PROVISIONED_FILE,
	type ProvisioningOptions,
	ProvisionResponder,
	provision,
	provisionAtStart,
} from "../../app/provisioning";
import { nativeDigests, systemRandomBytes } from "../../hardware/digests";
import { verifyP256 } from "../../host/platform/file-signature";
import type { Answer, Call } from "../../outputs/route";
import { fromHex } from "../../settings/hex";
import { LONGEST_PROVISION, PROVISION_FILE } from "../../settings/provision";
import { readSettings, type Settings } from "../../settings/schema";
import { loadSettings } from "../../settings/store";
import { PUBLIC_KEY, privateKeyOf } from "../firmware/update-files";
import { FakeFiles } from "../outputs/fakes";
import { SECTIONS } from "./example-sections";

/** RFC 6979, A.2.5. */
const SECRET = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
const FOREIGN_SECRET = "11".repeat(32);

const ID = "meterling-a1b2c3";
const NOW = Date.UTC(2027, 0, 15);
const ADMIN_PASSWORD = "correct horse";
const BROKER_PASSWORD = "hunter2-broker";
const surroundings = { digests: nativeDigests, randomBytes: systemRandomBytes, now: () => 0 };
const RECORD = makePassword(ADMIN_PASSWORD, surroundings, 1000);
const CONTENT = {
	kind: "meterling provision",
	format: 1,
	serial: 7,
	for: ID,
	expires: "2027-02-01T00:00:00Z",
	settings: { mqtt: { host: "broker.example", password: BROKER_PASSWORD } },
	password: RECORD,
};

function signed(content: object, secret = SECRET): string {
	const text = JSON.stringify(content);
	const signature = sign("sha256", Buffer.from(text), {
		key: privateKeyOf(secret),
		dsaEncoding: "ieee-p1363",
	});
	return `{"signature":"${signature.toString("hex")}","provision":${text}}`;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

class Gateway {
	readonly files = new FakeFiles();
	readonly lines: string[] = [];
	id = ID;
	wallTime: number | undefined = NOW;
	publicKey: Uint8Array | undefined = fromHex(PUBLIC_KEY);
	readonly restarts: string[] = [];
	settings: Settings = readSettings(SECTIONS, undefined).settings;
	readonly access = new Access({
		...surroundings,
		readOpen: true,
		stored: undefined,
		store: (text) => this.files.write(ACCESS_FILE, bytes(text)),
		iterations: 1000,
	});

	get device(): ProvisioningOptions["device"] {
		return {
			files: this.files as never,
			provisioning: { publicKey: this.publicKey, verify: verifyP256 },
			id: this.id,
			wallTime: () => this.wallTime,
			log: (line) => void this.lines.push(line),
		};
	}

	get options(): ProvisioningOptions {
		return {
			...{ device: this.device, sections: SECTIONS, rules: [] },
			settings: () => this.settings,
			save: (settings) => {
				this.settings = settings;
			},
			setPassword: (record) => this.access.adopt(record),
		};
	}

	take(text: string): string | undefined {
		return provision(bytes(text), this.options);
	}

	get responder(): ProvisionResponder {
		const { options } = this;
		return new ProvisionResponder(options, this.access, {
			settings: options.settings,
			save: options.save,
			restart: (why) => this.restarts.push(why),
		});
	}

	/** As `POST /api/v1/provision` does. */
	post(text: string): Answer {
		const { responder } = this;
		return responder.routes[0]?.answer(responder, { body: bytes(text) } as Call) as Answer;
	}

	/** As at the start, the file lying in the storage. */
	start(text: string): Settings {
		this.files.write(PROVISION_FILE, bytes(text));
		return provisionAtStart(this.device, SECTIONS, [], this.settings);
	}
}

test("settings, password and serial number are taken; the log has no secret", () => {
	const gateway = new Gateway();
	expect(gateway.take(signed(CONTENT))).toBeUndefined();
	expect(gateway.settings.mqtt).toMatchObject({ host: "broker.example", password: BROKER_PASSWORD });
	const client = { address: "192.168.1.50", setup: "no" } as const;
	expect(gateway.access.signIn(ADMIN_PASSWORD, client)).toHaveProperty("session");
	expect(gateway.access.signIn("wrong horse", client)).toEqual({ refused: "wrong" });
	expect(gateway.lines).toEqual(["provision: file 7 is taken"]);
});

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
	["unsigned", JSON.stringify(CONTENT), /is no signed provisioning file/],
	["empty", "", /is no signed/],
	["nothing but a head", '{"signature":"', /is no signed/],
	["too long", signed({ ...CONTENT, more: "x".repeat(LONGEST_PROVISION) }), /is no signed/],
	["signed by a stranger", signed(CONTENT, FOREIGN_SECRET), /not signed with this fleet's key/],
	["changed", signed(CONTENT).replace("broker.example", "evil.example"), /or was changed/],
	["laid out anew", JSON.stringify(JSON.parse(signed(CONTENT)), null, 1), /is no signed/],
	["of another kind", signed({ ...CONTENT, kind: "meterling settings" }), /no provisioning file/],
	["of another format", signed({ ...CONTENT, format: 2 }), /another version/],
	["for another gateway", signed({ ...CONTENT, for: "meterling-a1b2c4" }), /for another gateway/],
	["for other names", signed({ ...CONTENT, for: "meterling-b*" }), /for another gateway/],
	["for the beginning of the name", signed({ ...CONTENT, for: "meterling-a1b2c" }), /another gateway/],
	["expired", signed({ ...CONTENT, expires: "2027-01-15T00:00:00Z" }), /has expired/],
	["without an expiry", signed({ ...CONTENT, expires: "never" }), /not whole/],
	["without a serial number", signed({ ...CONTENT, serial: "8" }), /not whole/],
	["with serial number 0", signed({ ...CONTENT, serial: 0 }), /used already/],
	[
		"with an unknown setting",
		signed({ ...CONTENT, settings: { mqtt: { hots: "x" } } }),
		/mqtt.hots is no setting/,
	],
	[
		"with a wrong value",
		signed({ ...CONTENT, settings: { meter: { baud: BROKER_PASSWORD } } }),
		/meter.baud must be a number/,
	],
	["with half a password", signed({ ...CONTENT, password: { ...RECORD, salt: "x" } }), /no password/],
];

test.each(REFUSED)("a file %s is refused in words, and nothing of it is used", (_, text, words) => {
	const gateway = new Gateway();
	const before = gateway.settings;
	const refusal = gateway.take(text);
	expect(refusal).toMatch(words);
	expect(gateway.settings).toBe(before);
	expect(gateway.access.hasPassword).toBe(false);
	expect([...gateway.files.contents.keys()]).toEqual([]);
	for (const secret of [BROKER_PASSWORD, RECORD.hash, "evil"])
		expect(`${refusal}${gateway.lines}`).not.toContain(secret);
});

test("every byte of the file is under the signature or the layout", () => {
	const whole = bytes(signed(CONTENT));
	for (let at = 0; at < whole.length; at++) {
		const changed = whole.slice();
		// Digits of the signature mean the same in capitals: not that bit.
		changed[at] = (changed[at] as number) ^ 0b0100_0001;
		const gateway = new Gateway();
		expect([at, provision(changed, gateway.options)]).toEqual([at, expect.any(String)]);
	}
});

test("a pattern fits every name that begins so; spaces around the end do no harm", () => {
	for (const meant of ["meterling-*", "meterling-a1*", "*"])
		expect(new Gateway().take(`${signed({ ...CONTENT, for: meant })}\r\n`)).toBeUndefined();
});

test("without a key in the build nothing is taken", () => {
	const gateway = new Gateway();
	gateway.publicKey = undefined;
	expect(gateway.take(signed(CONTENT))).toMatch(/without a key/);
});

test("a gateway that has not been told the time takes a file whatever its date", () => {
	const gateway = new Gateway();
	gateway.wallTime = undefined;
	expect(gateway.take(signed({ ...CONTENT, expires: "2020-01-01T00:00:00Z" }))).toBeUndefined();
});

test("a second use is refused, an older file too; a newer one is taken", () => {
	const gateway = new Gateway();
	expect(gateway.take(signed(CONTENT))).toBeUndefined();
	expect(gateway.take(signed(CONTENT))).toMatch(/used already/);
	expect(gateway.take(signed({ ...CONTENT, serial: 6 }))).toMatch(/older/);
	expect(
		gateway.take(signed({ ...CONTENT, serial: 8, settings: { meter: { baud: 9600 } } })),
	).toBeUndefined();
	expect(gateway.settings).toMatchObject({ meter: { baud: 9600 }, mqtt: { host: "broker.example" } });
});

test("a storage that is full is told, and the file can be sent again", () => {
	const gateway = new Gateway();
	const write = jest.spyOn(gateway.files, "write").mockImplementation(() => {
		throw new Error("full");
	});
	expect(gateway.take(signed(CONTENT))).toMatch(/could not be kept/);
	write.mockRestore();
	expect(gateway.take(signed(CONTENT))).toBeUndefined();
});

describe("over HTTP", () => {
	test("taken: 202 and a restart; refused: 422 with the reason, and none", () => {
		const gateway = new Gateway();
		const refused = gateway.post(JSON.stringify(CONTENT));
		expect(refused.status).toBe(422);
		expect(JSON.parse(Buffer.from(refused.body as Uint8Array).toString()).detail).toBe(
			"The file is no signed provisioning file.",
		);
		expect(gateway.restarts).toEqual([]);
		expect(gateway.post(signed(CONTENT)).status).toBe(202);
		expect(gateway.restarts).toEqual(["provisioned"]);
	});

	test("open to anyone before there is a password, to the admin alone after that", () => {
		const gateway = new Gateway();
		const { responder } = gateway;
		const needs = () => responder.routes.map(({ need }) => need);
		expect(needs()).toEqual(["open"]);
		gateway.post(signed(CONTENT));
		expect(needs()).toEqual(["admin"]);
	});
});

describe("from the storage", () => {
	test("taken at the start and gone; settings and password are there at the next", () => {
		const gateway = new Gateway();
		expect(gateway.start(signed(CONTENT)).mqtt?.host).toBe("broker.example");
		const names = [...gateway.files.contents.keys()];
		expect(names).toEqual(expect.arrayContaining([ACCESS_FILE, PROVISIONED_FILE, "settings.0"]));
		expect(names).not.toContain(PROVISION_FILE);
		expect(loadSettings(gateway.files, SECTIONS).settings.mqtt?.password).toBe(BROKER_PASSWORD);
		const stored = Buffer.from(gateway.files.read(ACCESS_FILE) as Uint8Array).toString();
		const access = new Access({ ...surroundings, readOpen: true, stored, store: () => {} });
		expect(access.signIn(ADMIN_PASSWORD, { address: "::1", setup: "no" })).toHaveProperty("session");
	});

	test("a file that does not fit is told, removed, and changes nothing", () => {
		const gateway = new Gateway();
		expect(gateway.start(signed(CONTENT, FOREIGN_SECRET))).toBe(gateway.settings);
		expect(gateway.lines).toEqual([
			"provision: the file is not signed with this fleet's key, or was changed",
		]);
		expect([...gateway.files.contents.keys()]).toEqual([]);
	});

	test("a gateway that was set up by hand stays as it is", () => {
		const gateway = new Gateway();
		gateway.access.setPassword("chosen by hand", {}, { address: "127.0.0.1", setup: "password" });
		expect(gateway.start(signed(CONTENT))).toBe(gateway.settings);
		expect(gateway.lines.join()).toMatch(/there is an admin password already/);
	});

	test("a newer file changes the password, and tokens stay", () => {
		const gateway = new Gateway();
		gateway.take(signed(CONTENT));
		const made = gateway.access.createToken("collector", "read");
		gateway.start(
			signed({ ...CONTENT, serial: 8, password: makePassword("another one", surroundings, 1000) }),
		);
		const stored = Buffer.from(gateway.files.read(ACCESS_FILE) as Uint8Array).toString();
		const access = new Access({ ...surroundings, readOpen: false, stored, store: () => {} });
		const client = { address: "::1", setup: "no" } as const;
		expect(access.signIn("another one", client)).toHaveProperty("session");
		expect(access.identify({ bearer: made?.token, session: undefined }, client).right).toBe("read");
	});
});
