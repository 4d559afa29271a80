import chromium from '@sparticuz/chromium';

/**
 * Once per machine, before any test: a worker that came upon the browser while another unpacks it would start half of one. A few seconds the first
 * time, nothing after.
 */
export default async function unpackBrowser() {
  chromium.setGraphicsMode = false;
  await chromium.executablePath();
}
