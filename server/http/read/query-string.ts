import { Refusal } from '../../errors.js';

/**
 * The parameters of a query string, each once.
 * @throws Refusal VALIDATION_FAILED for a parameter that comes twice or is not percent-encoded UTF-8.
 */
export function parseQueryString(text: string): Record<string, string> {
  // Without a prototype no parameter name can mean anything special.
  const parameters: Record<string, string> = Object.create(null);
  for (const piece of text.split('&')) {
    if (piece === '') {
      continue;
    }
    const equals = piece.indexOf('=');
    const name = decode(equals === -1 ? piece : piece.slice(0, equals));
    if (name in parameters) {
      throw invalid(name, 'may be given only once');
    }
    parameters[name] = decode(equals === -1 ? '' : piece.slice(equals + 1), name);
  }
  return parameters;
}

function decode(text: string, name = 'query'): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalid(name, 'is not valid percent-encoded UTF-8');
  }
  if (decoded.includes('\u0000')) {
    throw invalid(name, 'holds the character U+0000');
  }
  return decoded;
}

function invalid(field: string, message: string): Refusal {
  return new Refusal('VALIDATION_FAILED', `${field}: ${message}.`, { errors: [{ field, message }] });
}
