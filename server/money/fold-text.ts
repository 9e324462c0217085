const plainAscii = /^[\x20-\x7e]*$/;

/**
 * Text as it is searched: two that differ in case only, by full case folding (Straße and STRASSE, ΜΙΣ within ΜΙΣΘΟΣ), or
 * in their normal form only, become the same (The Unicode Standard, 3.13, canonical caseless matching).
 */
export function foldText(text: string): string {
  if (plainAscii.test(text)) {
    return text.toLowerCase();
  }
  // Upper case spells out what has no lower case of one letter; a sigma at the end of a word is one like any other.
  const folded = text.normalize('NFD').toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return folded.normalize('NFC');
}
