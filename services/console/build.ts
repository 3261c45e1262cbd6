/** `npm run build:console`. With `--if-changed`, as every start asks for it, it does nothing where there is nothing to do. */
import { buildConsole } from "./build-console.ts";

const onlyIfChanged = process.argv.includes("--if-changed");
try {
  await buildConsole(onlyIfChanged);
} catch (error) {
  // `npm ci --omit=dev` leaves Vite out. A start without the console is better than none.
  const isMissing =
    error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  if (!onlyIfChanged || !isMissing) throw error;
  process.stderr.write("the console is not built: Vite is not installed\n");
}
