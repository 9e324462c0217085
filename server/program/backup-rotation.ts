/** How many of the last days, weeks and months that have a backup keep their newest one. */
export const retention = { days: 7, weeks: 4, months: 12 } as const;

const namePattern = /^pay-(\d{4})(\d\d)(\d\d)T\d{6}Z\.backup$/;

/** The name of a backup that is made now, in UTC: names sort as their times do. */
export function backupName(now: Date): string {
  const instant = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `pay-${instant}.backup`;
}

type Period = keyof typeof retention;

/**
 * The periods of a backup by its name, the same text for all of a day, of a week that begins on Monday (ISO 8601), of a
 * month.
 */
function periodsOf(name: string): Record<Period, string> | undefined {
  const [, year, month, day] = namePattern.exec(name) ?? [];
  if (year === undefined || month === undefined || day === undefined) {
    return undefined;
  }
  const monday = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  return {
    days: `${year}-${month}-${day}`,
    weeks: monday.toISOString().slice(0, 10),
    months: `${year}-${month}`,
  };
}

/**
 * The files of a folder that are backups which no day, week or month keeps, but for the one that was `made` just now: where the
 * clock is far behind, its name is the oldest. What has another name is nobody's to remove.
 */
export function superfluousBackups(names: readonly string[], made?: string): string[] {
  const backups = names
    .filter((name) => periodsOf(name) !== undefined)
    .toSorted()
    .toReversed();
  const seen = { days: new Set(), weeks: new Set(), months: new Set() };
  return backups.filter((name) => {
    const periods = Object.entries(periodsOf(name) ?? {}) as [Period, string][];
    const keepers = periods.filter(([period, key]) => {
      const isNewest = !seen[period].has(key) && seen[period].size < retention[period];
      if (isNewest) {
        seen[period].add(key);
      }
      return isNewest;
    });
    return keepers.length === 0 && name !== made;
  });
}
