// The code that embeds the page in another one.

/** @type {Record<string, string>} */
const ESCAPED = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

/** @param {string} link */
export function embedCode(link) {
  const source = link.replace(/[&"<>]/g, (character) => ESCAPED[character]);
  return `<iframe src="${source}" title="Counterfeit: a GAN playground" width="720" height="560" style="border:0" allow="fullscreen" loading="lazy"></iframe>`;
}
