import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../../errors.js';

/**
 * Lets through a body that says it is JSON in UTF-8 and not compressed.
 * @throws Refusal UNSUPPORTED_MEDIA_TYPE
 */
export function checkContentType(headers: IncomingHttpHeaders): void {
  const contentType = headers['content-type'];
  if (contentType === undefined) {
    throw new Refusal(
      'UNSUPPORTED_MEDIA_TYPE',
      'Send the header "Content-Type: application/json" with the body.',
    );
  }
  if (contentType !== 'application/json' && !isJsonInUtf8(contentType)) {
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json in UTF-8.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Refusal(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must not be compressed: leave out Content-Encoding.',
    );
  }
}

function isJsonInUtf8(contentType: string): boolean {
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  return mediaType.trim() === 'application/json' && parameters.every(isNoOtherCharset);
}

/** JSON has no parameters (RFC 8259 §11); those that are sent all the same may not speak of another charset. */
function isNoOtherCharset(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=');
  return name.trim() !== 'charset' || /^\s*"?utf-?8"?\s*$/.test(value);
}
