// The texts of the settings, by section and key: made by tools/setting-texts.mjs while the page is built.

declare module "setting-texts" {
	interface SettingTexts {
		readonly label: string;
		readonly help: string;
		readonly choices?: Readonly<Record<string, string>>;
	}
	const texts: Readonly<Record<string, Readonly<Record<string, SettingTexts>> | undefined>>;
	export default texts;
}
