import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { startTimeService } from '../../thrift/service.js';
import { needsProgram, needsPythonThrift, python, testWith } from '../support/needs.js';

const definition = join(import.meta.dirname, '../../../thrift/timestamp.thrift');

const program = `
import sys
sys.path.insert(0, sys.argv[1])
from thrift.protocol.TBinaryProtocol import TBinaryProtocol, TBinaryProtocolAccelerated
from thrift.transport import TSocket, TTransport
from timestamp import TimestampService
for protocol in (
    lambda transport: TBinaryProtocol(transport),
    lambda transport: TBinaryProtocol(transport, strictRead=True, strictWrite=True),
    lambda transport: TBinaryProtocol(transport, strictRead=False, strictWrite=False),
    TBinaryProtocolAccelerated,
):
    transport = TTransport.TBufferedTransport(TSocket.TSocket('127.0.0.1', int(sys.argv[2])))
    client = TimestampService.Client(protocol(transport))
    transport.open()
    for _ in range(3):
        print(client.getCurrentTimestamp(), client.getCurrentTimeMicros())
    transport.close()
`;

testWith(needsProgram('thrift'), needsPythonThrift)(
  'a Python client, generated from the definition, is answered',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'pay-python-'));
    const micros = Date.UTC(2026, 10, 22, 12, 0, 0) * 1_000 + 123_456;
    const service = await startTimeService({ host: '127.0.0.1', port: 0, nowMicros: () => micros });
    await execa('thrift', ['--gen', 'py', '-out', folder, definition]);
    const { stdout } = await execa(python, ['-c', program, folder, String(service.port)], {
      timeout: 20_000,
    });
    t.deepEqual(stdout.split('\n'), Array(12).fill('2026-11-22 12:00:00 1795348800123456'));
    await service.close();
    await rm(folder, { recursive: true });
  },
);
