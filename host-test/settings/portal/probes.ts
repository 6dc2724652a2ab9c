// What phones and computers ask to notice a captive portal, system by system, with where that is written: the firmware
// knows the paths only (settings/portal/probes.ts).

/** One system's question, and what it takes for the open internet. */
export interface Probe {
	readonly system: string;
	readonly host: string;
	readonly path: string;
	readonly expects: string;
	/** Where that is written. */
	readonly source: string;
}

export const PROBES: readonly Probe[] = Object.freeze([
	{
		system: "Android",
		host: "connectivitycheck.gstatic.com",
		path: "/generate_204",
		expects: "204",
		source: "AOSP packages/modules/NetworkStack, res/values/config.xml: config_captive_portal_http_url",
	},
	{
		system: "Android, fall-back",
		host: "www.google.com",
		path: "/gen_204",
		expects: "204",
		source: "AOSP NetworkStack, config_captive_portal_fallback_urls",
	},
	{
		system: "Android, fall-back",
		host: "play.googleapis.com",
		path: "/generate_204",
		expects: "204",
		source: "AOSP NetworkStack, config_captive_portal_fallback_urls",
	},
	{
		system: "iOS, macOS",
		host: "captive.apple.com",
		path: "/hotspot-detect.html",
		expects: "200 with the title Success",
		source: "Apple, HT204497; CaptiveNetworkSupport/Settings.plist",
	},
	{
		system: "iOS, macOS, older",
		host: "www.apple.com",
		path: "/library/test/success.html",
		expects: "200 with the title Success",
		source: "CaptiveNetworkSupport/Settings.plist of OS X 10.7 to 10.9",
	},
	{
		system: "Windows 10 and 11",
		host: "www.msftconnecttest.com",
		path: "/connecttest.txt",
		expects: "200: Microsoft Connect Test",
		source: "Microsoft Learn: Network Connectivity Status Indicator; NlaSvc ActiveWebProbePath",
	},
	{
		system: "Windows 10 and 11, the browser that opens",
		host: "www.msftconnecttest.com",
		path: "/redirect",
		expects: "a redirection",
		source: "Microsoft Learn: captive portal detection",
	},
	{
		system: "Windows 7 and 8",
		host: "www.msftncsi.com",
		path: "/ncsi.txt",
		expects: "200: Microsoft NCSI",
		source: "Microsoft TechNet cc766017",
	},
	{
		system: "Firefox",
		host: "detectportal.firefox.com",
		path: "/canonical.html",
		expects: "200 with a refresh to support.mozilla.org/kb/captive-portal",
		source: "Firefox, modules/libpref/init/all.js: captivedetect.canonicalURL",
	},
	{
		system: "Firefox, IPv4",
		host: "detectportal.firefox.com",
		path: "/success.txt?ipv4",
		expects: "200: success",
		source: "Firefox, all.js: network.connectivity-service.IPv4.url",
	},
	{
		system: "Chrome, ChromeOS",
		host: "www.gstatic.com",
		path: "/generate_204",
		expects: "204",
		source: "chromium.org, network portal detection",
	},
	{
		system: "NetworkManager, GNOME",
		host: "nmcheck.gnome.org",
		path: "/check_network_status.txt",
		expects: "200: NetworkManager is online",
		source: "NetworkManager.conf(5), [connectivity]; GNOME's build",
	},
	{
		system: "NetworkManager, Ubuntu",
		host: "connectivity-check.ubuntu.com",
		path: "/",
		expects: "204, or X-NetworkManager-Status: online",
		source: "Ubuntu, network-manager-config-connectivity-ubuntu",
	},
	{
		system: "NetworkManager, Fedora",
		host: "fedoraproject.org",
		path: "/static/hotspot.txt",
		expects: "200: OK",
		source: "Fedora, NetworkManager-config-connectivity-fedora",
	},
	{
		system: "NetworkManager, Debian",
		host: "network-test.debian.org",
		path: "/nm",
		expects: "200: NetworkManager is online",
		source: "Debian, NetworkManager.conf",
	},
	{
		system: "NetworkManager, Arch Linux",
		host: "ping.archlinux.org",
		path: "/nm-check.txt",
		expects: "200: NetworkManager is online",
		source: "Arch Linux, /usr/lib/NetworkManager/conf.d/20-connectivity.conf",
	},
	{
		system: "KDE Plasma",
		host: "networkcheck.kde.org",
		path: "/",
		expects: "200: OK",
		source: "KDE plasma-nm, captive portal monitor",
	},
] as const);
