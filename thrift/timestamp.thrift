/**
 * The time of every transaction. Buffered transport, binary protocol, port 10000.
 *
 * The JavaScript in generated/ was made by version 0.17.0 of the Apache Thrift compiler, from this folder, with
 *
 *     thrift --gen js:node,es6 -out generated timestamp.thrift
 *
 * generated/package.json and generated/TimestampService.d.ts are written by hand and stay when it is made again.
 */
service TimestampService {
  /** The current second in UTC, as "YYYY-MM-DD HH:MM:SS". */
  string getCurrentTimestamp(),

  /** Microseconds since 1970-01-01T00:00:00Z. They do not run backwards unless the clock of the machine is set back. */
  i64 getCurrentTimeMicros()
}
