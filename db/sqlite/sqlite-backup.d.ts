// SQLite's online backup as the package offers it; its own types leave it out.

import 'sqlite3';

declare module 'sqlite3' {
  interface Database {
    /** Begins a copy of this database into the file; the callback says whether it could. */
    backup(filename: string, callback: (error: Error | null) => void): Backup;
  }

  interface Backup {
    readonly completed: boolean;
    /** Pages, known after the first step. */
    readonly pageCount: number;
    readonly remaining: number;
    /** Copies so many pages. */
    step(pages: number, callback: (error: Error | null) => void): void;
    finish(callback: (error: Error | null) => void): void;
  }
}
