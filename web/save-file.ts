// A file made in the browser, saved where the browser saves files.

export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer> | Blob, type: string): void {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
