// The page that flashes a board from the browser: a list of boards and ESP Web Tools' button. Everything comes from the
// release's own folder; the page asks no other server for anything.

/** @param {{name: string, title: string, chip: string}[]} boards those of this release @returns {string} index.html */
export function webPage({ boards, version }) {
	const options = boards
		.map(({ name, title }) => `<option value="${escape(name)}/manifest.json">${escape(title)}</option>`)
		.join("\n\t\t\t");
	const downloads = boards
		.map(
			({ name, title }) =>
				`<li><a href="${escape(`${name}/meterling-${name}-${version}-merged.bin`)}">${escape(title)}</a> · <a href="${escape(`${name}/SHA256SUMS`)}">SHA-256</a></li>`,
		)
		.join("\n\t\t\t");
	return `<!doctype html>
<html lang="en">
<head>
	<meta charset="utf-8">
	<meta name="viewport" content="width=device-width,initial-scale=1">
	<title>Meterling ${escape(version)}: install</title>
	<script type="module" src="esp-web-tools/install-button.js"></script>
	<style>
		:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
		body { max-width: 40rem; margin: 0 auto; padding: 1rem; }
		select, button { font: inherit; min-height: 2.75rem; padding: 0 1rem; max-width: 100%; }
		label { display: block; margin-bottom: .25rem; }
		p, li { overflow-wrap: anywhere; }
	</style>
</head>
<body>
	<h1>Meterling ${escape(version)}</h1>
	<ol>
		<li>Choose your board, and connect it by USB. Not while it hangs on a meter that has no isolation.</li>
		<li>Press Install, and choose the board's port.</li>
		<li>“Erase” also removes settings. Leave it unticked to keep them.</li>
	</ol>
	<p>
		<label for="board">Board</label>
		<select id="board">
			${options}
		</select>
	</p>
	<esp-web-install-button>
		<button slot="activate" type="button">Install</button>
		<p slot="unsupported">This browser cannot reach a serial port. Chrome, Edge and newer Firefox on a computer can.</p>
		<p slot="not-allowed">Browsers allow this only over HTTPS, or from this computer itself.</p>
	</esp-web-install-button>
	<h2>Files</h2>
	<p>One file for address 0: <code>esptool write-flash 0 …</code>. Settings stay, unless the flash is erased first.</p>
	<ul>
			${downloads}
	</ul>
	<script>
		const board = document.getElementById("board");
		const button = document.querySelector("esp-web-install-button");
		const choose = () => button.setAttribute("manifest", board.value);
		board.addEventListener("change", choose);
		choose();
	</script>
</body>
</html>
`;
}

function escape(words) {
	return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
