import { inflateRawSync } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/** Reads one file out of a zip or jar archive; null when the archive does not hold it. */
export function readZipEntry(archive: Buffer, name: string): Buffer | null {
  for (const entry of directoryEntries(archive)) {
    if (entry.name === name) return unpack(archive, entry);
  }
  return null;
}

interface ZipEntry {
  name: string;
  isDeflated: boolean;
  packedSize: number;
  offset: number;
}

function* directoryEntries(archive: Buffer): Generator<ZipEntry> {
  let at = archive.readUInt32LE(findEnd(archive) + 16);
  while (archive.readUInt32LE(at) === directoryEntry) {
    const nameLength = archive.readUInt16LE(at + 28);
    yield {
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      isDeflated: archive.readUInt16LE(at + 10) === 8,
      packedSize: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

function findEnd(archive: Buffer): number {
  for (let at = archive.length - 22; at >= 0; at -= 1) {
    if (archive.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new Error('not a zip archive: it has no end of directory');
}

function unpack(archive: Buffer, entry: ZipEntry): Buffer {
  // The local header repeats the name with an extra field of its own length.
  const start = entry.offset + 30 + archive.readUInt16LE(entry.offset + 26) + archive.readUInt16LE(entry.offset + 28);
  const packed = archive.subarray(start, start + entry.packedSize);
  return entry.isDeflated ? inflateRawSync(packed) : packed;
}
