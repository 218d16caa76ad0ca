// What other processes hold in memory, and how they are protected; on Linux, read as the kernel shows it.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { run } from './child.mjs';

const PIECE = 4 * 1024 * 1024;

/** The stretches of a process's memory that it may read, without what the kernel itself shows there. */
function stretches(pid) {
  return readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').filter(Boolean).flatMap((line) => {
    const [, from, to, rights, name] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (!rights.startsWith('r') || /^\[(vvar|vsyscall|vvar_vclock)\]$/.test(name)) return [];
    return [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }];
  });
}

/**
 * Which of these values stand in a process's memory: `{ found, octets }`; undefined where the kernel does not let us look.
 * `needles` are pairs of a name and its octets, none longer than a piece.
 */
export function memoryHolds(pid, needles) {
  let file;
  try {
    file = openSync(`/proc/${pid}/mem`, 'r');
  } catch (error) {
    if (error.code === 'EACCES' || error.code === 'EPERM') return undefined;
    throw error;
  }
  const overlap = Math.max(...needles.map(([, octets]) => octets.length));
  const buffer = Buffer.alloc(PIECE + overlap);
  const found = new Set();
  let octets = 0;
  try {
    for (const { from, to } of stretches(pid)) {
      for (let at = from; at < to; at += BigInt(PIECE)) {
        const wanted = Number(to - at < BigInt(buffer.length) ? to - at : BigInt(buffer.length));
        let read;
        try {
          read = readSync(file, buffer, 0, wanted, at);
        } catch (error) {
          if (error.code === 'EIO' || error.code === 'EFAULT') continue; // a page without anything behind it
          throw error;
        }
        octets += Math.min(read, PIECE);
        const piece = buffer.subarray(0, read);
        for (const [name, needle] of needles) if (piece.includes(needle)) found.add(name);
      }
    }
  } finally {
    closeSync(file);
    buffer.fill(0);
  }
  return { found: [...found], octets };
}

/** Whether the kernel would never write this process's memory to a file. */
export function writesNoCore(pid) {
  const line = readFileSync(`/proc/${pid}/limits`, 'utf8').split('\n').find((one) => one.startsWith('Max core file size'));
  return /^Max core file size\s+0\s+0\s/.test(line);
}

/**
 * What starts a program without the right to look into every process, which root has. What root started with it is to other
 * such programs what a person's processes are to each other.
 */
export const AS_A_PERSON = process.getuid() === 0 ? ['setpriv', '--bounding-set', '-sys_ptrace', '--inh-caps', '-sys_ptrace'] : [];

/** Whether another program of the same person may trace a process or read its memory; the kernel asks the same for both. */
export async function isOpenToOthers(pid) {
  const [command, ...args] = [...AS_A_PERSON, 'sh', '-c', ': < "/proc/$0/mem"', String(pid)];
  return (await run(command, args)).code === 0;
}
