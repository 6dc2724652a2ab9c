// How phones and computers notice a captive portal: each asks a page of its maker over plain HTTP and expects one exact
// answer. Another one, best a redirection, and it shows "sign in to network" with the page that it was sent to.
// RFC 8908's API and DHCP's option 114 (RFC 8910) are not served: the API wants HTTPS with a certificate that the
// phone trusts, and the SDK cannot give the access point's DHCP server an option.
// Which system asks what, and where that is written: host-test/settings/portal/probes.ts.

/** Paths of the probes, without their query. Not those that ask for the root: the page itself is there. */
const PATHS =
	" /generate_204 /gen_204 /hotspot-detect.html /library/test/success.html /connecttest.txt /redirect /ncsi.txt /canonical.html /success.txt /check_network_status.txt /static/hotspot.txt /nm /nm-check.txt ";

/** Does the path, or what is in front of its query, belong to a probe? */
export function isProbePath(path: string): boolean {
	const [plain = ""] = path.split("?");
	return plain !== "" && PATHS.includes(` ${plain} `);
}
