// What is dropped on the page: files of points, anywhere on it, and text that is points. Everything else is kept from
// the browser, which would open it in the place of the page.

/** @typedef {{takeFiles: (files: File[]) => void, takeText: (text: string) => void}} Taker */

/** @param {Taker} taker */
export function takeDrops(taker) {
  addEventListener("dragenter", prevent, { capture: true });
  addEventListener(
    "dragover",
    (event) => {
      if (!prevent(event) || !event.dataTransfer) return;
      event.dataTransfer.dropEffect = offers(event.dataTransfer) ? "copy" : "none";
    },
    { capture: true },
  );
  addEventListener(
    "drop",
    (event) => {
      if (!prevent(event) || !event.dataTransfer) return;
      const { files, types } = event.dataTransfer;
      if (files.length > 0) taker.takeFiles([...files]);
      else if (!types.includes("text/uri-list")) taker.takeText(event.dataTransfer.getData("text/plain"));
    },
    { capture: true },
  );
}

/** Whether it may be points: a link or an image of a page is not. @param {DataTransfer} data */
function offers({ types }) {
  return types.includes("Files") || (types.includes("text/plain") && !types.includes("text/uri-list"));
}

/** Keeps the browser from acting on it, but for text that is dropped into a field: that is a way of typing. @param {DragEvent} event @returns {boolean} whether it was kept */
function prevent(event) {
  const field = event.target instanceof HTMLInputElement && event.target.type === "text" && !event.target.disabled;
  if (field && event.dataTransfer && !event.dataTransfer.types.includes("Files")) return false;
  event.preventDefault();
  return true;
}
