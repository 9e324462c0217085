/** A line of the text format of Prometheus: a name, labels and a value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^(?<name>[a-z_][a-z0-9_]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;
const label = /(?<name>[a-z_]+)="(?<value>(?:[^"\\]|\\.)*)"/g;

/** Reads the exposition format without the library that wrote it. Throws at what is none of its lines. */
export function readExposition(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((one) => one !== '' && !/^# (?:HELP|TYPE) /.test(one))
    .map((one) => {
      const parts = line.exec(one)?.groups;
      if (!parts) {
        throw new Error(`not a sample: ${one}`);
      }
      const labels = [...(parts.labels ?? '').matchAll(label)].map(({ groups }) => [
        groups?.name,
        groups?.value,
      ]);
      return { name: parts.name ?? '', labels: Object.fromEntries(labels), value: Number(parts.value) };
    });
}

/** The sum of the samples of this name with these labels; undefined where there is none. */
export function total(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
}
