/** Short words on what was done, said aloud to screen readers too. */
import { signal } from "@preact/signals";
import { ApiProblem } from "../api/client.ts";
import { t } from "../words.ts";
import { describeProblem } from "./states.tsx";

interface Notice {
  readonly text: string;
  readonly isBad: boolean;
  readonly number: number;
}

const LASTS_MS = 6000;
const notices = signal<readonly Notice[]>([]);
let last = 0;

export function tell(text: string, isBad = false): void {
  const notice = { text, isBad, number: (last += 1) };
  notices.value = [...notices.value.slice(-2), notice];
  setTimeout(() => {
    notices.value = notices.value.filter(({ number }) => number !== notice.number);
  }, LASTS_MS);
}

/** Does something on a click; a failure is told. Returns whether it went well. */
export async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    tell(describeProblem(error), true);
    return false;
  }
}

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ text, isBad, number }) => (
        <p key={number} class={isBad ? "notice notice-bad" : "notice"}>
          {text}
          <button
            type="button"
            class="link"
            aria-label={t("app.close")}
            onClick={() => (notices.value = notices.value.filter((one) => one.number !== number))}
          >
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
