// THIRD-PARTY.txt: the notices that a release must carry, made of the components' own licence files.
import { licenceTexts } from "./components.mjs";

const RULE = "=".repeat(78);
const HEADS = Object.freeze({
	firmware: "In the firmware",
	page: "In the web page, which the firmware and the package hold",
	flasher: "In esp-web-tools/, the page that flashes boards from the browser",
});

/** The notices for these parts of components(). */
export function thirdParty(parts, names) {
	const sections = names.map((part) => section(HEADS[part], parts[part]));
	return `Meterling holds software of others. Their licences and notices follow.\n\n${sections.join("\n")}`;
}

function section(head, components) {
	return `${RULE}\n${head}\n${RULE}\n\n${components.map(entry).join("\n")}`;
}

function entry(component) {
	const { name, version, license, supplier, source, note } = component;
	const texts = licenceTexts(component);
	// A package without its own text, or one from elsewhere, is named with its licence's canonical place.
	if (texts.length === 0)
		texts.push(
			`${license}: ${license
				.split(/ (?:AND|OR) /)
				.map(spdxPage)
				.join(" ")}`,
		);
	const facts = [
		`${name}${version ? ` ${version}` : ""}`,
		`Licence: ${license}`,
		supplier && `By: ${supplier}`,
		source && `Source: ${source}`,
		note,
	].filter(Boolean);
	return `${facts.join("\n")}\n\n${texts.join("\n\n")}\n\n${"-".repeat(78)}\n`;
}

function spdxPage(id) {
	return `https://spdx.org/licenses/${id.replace(/[()]/g, "")}.html`;
}
