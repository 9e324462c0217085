import { counted } from '../terminal/text/counted.js';
import { type DigestedLine, linesByDigest } from './earlier/line-digest.js';

const mostShown = 10;

/** Lines that say the same, each group as a sentence, which is not made visible yet; two of them may be one too many. */
export function alikeLines(lines: readonly DigestedLine[]): readonly string[] {
  const alike = [...linesByDigest(lines).values()].filter(({ length }) => length > 1);
  const texts = alike.slice(0, mostShown).map((group) => {
    const [first] = group;
    const numbers = group.slice(0, mostShown).map(({ line }) => line);
    const memo = first?.memo === undefined ? '' : ` (${first.memo})`;
    const more = group.length > mostShown ? ' …' : '';
    return `Lines ${numbers.join(', ')}${more} are the same: ${first?.to ?? ''} ${first?.amount}${memo}.`;
  });
  return alike.length > mostShown
    ? [...texts, `And ${counted(alike.length - mostShown, 'more such group', 'more such groups')}.`]
    : texts;
}
