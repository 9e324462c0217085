import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as z from 'zod';
import { defineRoute, type Route } from './contract/route.js';
import { referencePagePolicy } from './serve/security-headers.js';

const tag = 'About';

/** The files that the page loads: what Swagger UI comes with, and the two lines that start it. */
const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
  'favicon-16x16.png': 'image/png',
} as const;

type Asset = keyof typeof assets;

const start = 'start.js';

const startScript = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
`;

const page = (title: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" sizes="32x32" href="/docs/favicon-32x32.png">
<link rel="icon" type="image/png" sizes="16x16" href="/docs/favicon-16x16.png">
</head>
<body>
<div id="reference"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/${start}"></script>
</body>
</html>
`;

/** The routes that publish the contract: the document itself, and a page to read it that loads nothing from elsewhere. */
export function referenceRoutes(title: string, document: () => string): readonly Route[] {
  return [documentRoute(document), pageRoute(title), assetRoute()];
}

function documentRoute(document: () => string): Route {
  return defineRoute({
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getContract',
    tag,
    summary: 'This contract as an OpenAPI 3.1 document',
    access: { who: 'anyone' },
    answers: { 200: { description: 'The document.', schema: z.record(z.string(), z.unknown()) } },
    handle: async () => ({ status: 200, json: document() }),
  });
}

function pageRoute(title: string): Route {
  const headers = { 'Content-Security-Policy': referencePagePolicy() };
  const content = page(title);
  return defineRoute({
    method: 'GET',
    path: '/docs',
    operationId: 'getReferencePage',
    tag,
    summary: 'This contract as a page to read and try',
    access: { who: 'anyone' },
    answers: { 200: { description: 'The page.', mediaTypes: ['text/html'] } },
    handle: async () => ({ status: 200, content, mediaType: 'text/html; charset=utf-8', headers }),
  });
}

function assetRoute(): Route {
  const read = makeAssetReader();
  const names = [start, ...Object.keys(assets)];
  return defineRoute({
    method: 'GET',
    path: '/docs/{file}',
    operationId: 'getReferencePageFile',
    tag,
    summary: 'A file that the reference page loads',
    access: { who: 'anyone' },
    params: z.object({ file: z.enum(names).meta({ description: 'The name of the file.' }) }),
    answers: {
      200: { description: 'The file.', mediaTypes: ['text/javascript', 'text/css', 'image/png'] },
    },
    handle: async ({ params: { file } }) =>
      file === start
        ? { status: 200, content: startScript, mediaType: 'text/javascript; charset=utf-8' }
        : { status: 200, content: await read(file as Asset), mediaType: assets[file as Asset] },
  });
}

/** Files out of the installed package, each kept once it was read. */
function makeAssetReader(): (file: Asset) => Promise<Buffer> {
  const { resolve } = createRequire(import.meta.url);
  const contents = new Map<Asset, Buffer>();
  return async (file) => {
    const content = contents.get(file) ?? (await readFile(resolve(`swagger-ui-dist/${file}`)));
    contents.set(file, content);
    return content;
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
