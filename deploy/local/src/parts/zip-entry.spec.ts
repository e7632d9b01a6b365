import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readZipEntry } from './zip-entry.js';

/** The least archive: local headers with a longer extra field than the directory's, as real tools write them. */
function zip(files: { name: string; content: string; isDeflated: boolean }[]): Buffer {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const { name, content, isDeflated } of files) {
    const packed = isDeflated ? deflateRawSync(content) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(4, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(isDeflated ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    const body = Buffer.concat([local, Buffer.from(name), Buffer.alloc(4), packed]);
    bodies.push(body);
    directory.push(entry, Buffer.from(name));
    offset += body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

describe('an archive entry', () => {
  const archive = zip([
    { name: 'first', content: 'stored as it is', isDeflated: false },
    { name: 'second', content: 'packed '.repeat(100), isDeflated: true },
  ]);

  it('is read, stored or packed', () => {
    expect(readZipEntry(archive, 'first')?.toString()).toBe('stored as it is');
    expect(readZipEntry(archive, 'second')?.toString()).toBe('packed '.repeat(100));
  });

  it('is null when the archive does not hold it', () => {
    expect(readZipEntry(archive, 'third')).toBeNull();
  });

  it('is refused out of something that is no archive', () => {
    expect(() => readZipEntry(Buffer.from('x'.repeat(100)), 'first')).toThrow(/not a zip archive/);
  });
});
