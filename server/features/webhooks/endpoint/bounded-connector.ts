import type { buildConnector } from 'undici';

/** The error of a connection over which more came than an answer may hold. */
export class TooMuchSaid extends Error {
  override readonly name = 'TooMuchSaid';
}

/**
 * A connector whose connections end once the other side has sent this many bytes, whatever they are: an answer has parts that
 * HTTP gives no bound, such as any number of words in advance that it is coming.
 */
export function boundedConnector(
  connect: buildConnector.connector,
  mostBytes: number,
): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error) {
        callback(error, null);
        return;
      }
      socket.on('readable', () => {
        if (socket.bytesRead > mostBytes) {
          socket.destroy(new TooMuchSaid());
        }
      });
      callback(null, socket);
    });
}
