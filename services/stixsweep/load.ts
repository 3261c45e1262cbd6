import { contentHash } from "../adapters/crypto/hash.ts";
import { findFiles } from "../adapters/files/find-files.ts";
import { readLines } from "../adapters/files/read-lines.ts";
import { readBeginning } from "../adapters/files/read-beginning.ts";
import { ServiceError } from "../core/errors.ts";
import type { SourceLine } from "../core/ingest/ingest-events.ts";
import type { Embedded } from "../runtime/compose.ts";
import { sampleBundle, sampleOpenIoc } from "../sample/index.ts";
import { importReport } from "./import-report.ts";
import { SAMPLE_SOURCE, sampleLines } from "./sample-lines.ts";
import type { Output } from "./scan-command.ts";

/** Loads the sample's events and feeds; a second time nothing is new. Stops between chunks when told to. */
export async function loadSample(
  service: Embedded,
  out: Output["out"],
  stop: AbortSignal,
): Promise<void> {
  await service.ingest(SAMPLE_SOURCE, "sample", until(stop, sampleLines()));
  const feeds = [
    ["wannacry.json", JSON.stringify(sampleBundle())],
    ["wannacry.ioc", sampleOpenIoc()],
  ] as const;
  for (const [name, text] of feeds) {
    if (!stop.aborted) {
      await out(importReport(await service.importFile("sample", name, Buffer.from(text))));
    }
  }
}

/** Loads the event files below the paths; one that can't be read is told, the others are loaded. */
export async function loadPaths(
  service: Embedded,
  paths: readonly string[],
  out: Output["out"],
  stop: AbortSignal,
): Promise<void> {
  const { files, skipped } = await findFiles(paths);
  for (const { path, reason } of skipped) {
    await out(`skipped ${path}: ${reason}\n`);
  }
  for (const file of files) {
    if (stop.aborted) {
      return;
    }
    try {
      // A file that grew goes on where it was; one that was written anew under the same name is another source.
      const source = `file ${file} ${contentHash(await readBeginning(file))}`;
      const loaded = await service.ingest(source, file, until(stop, readLines(file)));
      await out(
        `${file}: ${loaded.stored} events, ${loaded.notSysmon} not Sysmon, ${loaded.brokenCount} broken\n`,
      );
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== "events/unreadable") {
        throw error;
      }
      await out(`${error.message}\n`);
    }
  }
}

async function* until(
  stop: AbortSignal,
  chunks: AsyncIterable<readonly SourceLine[]> | Iterable<readonly SourceLine[]>,
): AsyncGenerator<readonly SourceLine[], void> {
  for await (const chunk of chunks) {
    yield chunk;
    // Generated chunks come without a pause in which a signal could be heard.
    await new Promise(setImmediate);
    if (stop.aborted) {
      return;
    }
  }
}
