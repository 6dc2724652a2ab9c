// The bill of materials of a release in CycloneDX 1.6 (ECMA-424). Nothing in it but what was built: no time stamp and no
// random serial number, so that the same sources give the same bytes.
import { createHash } from "node:crypto";

const SPEC = "1.6";

/**
 * The bill of one product. `parts`: components by part, as of components(); each says in a property which part it is in.
 * @returns {object} to be written as JSON
 */
export function billOfMaterials({ name, version, type, parts }) {
	const rows = Object.entries(parts).flatMap(([part, components]) =>
		components.map((component) => row(component, part)),
	);
	const listed = merged(rows);
	const subject = {
		type,
		name,
		version,
		"bom-ref": `${name}@${version}`,
		licenses: [{ license: { id: "MIT" } }],
	};
	const content = JSON.stringify([subject, listed]);
	return {
		$schema: `http://cyclonedx.org/schema/bom-${SPEC}.schema.json`,
		bomFormat: "CycloneDX",
		specVersion: SPEC,
		serialNumber: `urn:uuid:${uuidOf(content)}`,
		version: 1,
		metadata: { component: subject },
		components: listed,
		dependencies: [{ ref: subject["bom-ref"], dependsOn: listed.map((component) => component["bom-ref"]) }],
	};
}

function row({ name, version, license, integrity, purl, supplier, source, note }, part) {
	const slash = name.startsWith("@") ? name.indexOf("/") : -1;
	return {
		type: purl.startsWith("pkg:npm/") ? "library" : "framework",
		"bom-ref": purl,
		...(supplier ? { supplier: { name: supplier } } : {}),
		...(slash > 0 ? { group: name.slice(0, slash) } : {}),
		name: slash > 0 ? name.slice(slash + 1) : name,
		...(version ? { version } : {}),
		...(note ? { description: note } : {}),
		...(integrity ? { hashes: [hash(integrity)] } : {}),
		licenses: [/ (AND|OR|WITH) /.test(license) ? { expression: license } : { license: { id: license } }],
		purl,
		...(source ? { externalReferences: [{ type: "vcs", url: source }] } : {}),
		properties: [{ name: "meterling:part", value: part }],
	};
}

/** What is in two parts is listed once, and names both. */
function merged(rows) {
	const byRef = new Map();
	for (const component of rows) {
		const known = byRef.get(component["bom-ref"]);
		if (known) known.properties.push(...component.properties);
		else byRef.set(component["bom-ref"], component);
	}
	return [...byRef.values()];
}

/** From npm's `integrity` (`sha512-` and base64) to CycloneDX. */
function hash(integrity) {
	const [algorithm, base64] = integrity.split("-");
	return {
		alg: algorithm.toUpperCase().replace("SHA", "SHA-"),
		content: Buffer.from(base64, "base64").toString("hex"),
	};
}

/** A UUID of version 8 (RFC 9562): the content's own. */
function uuidOf(content) {
	const hex = createHash("sha256").update(content).digest("hex");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
