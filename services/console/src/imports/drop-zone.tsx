import { useEffect, useRef, useState } from "preact/hooks";
import type { ImportReport, Preview } from "../api/answers.ts";
import { ApiProblem, upload, withQuery } from "../api/client.ts";
import { tell } from "../parts/notices.tsx";
import { describeProblem } from "../parts/states.tsx";
import { go, writePlace } from "../route.ts";
import { visibleText } from "../text/visible.ts";
import { t } from "../words.ts";
import { PreviewCard } from "./preview-card.tsx";

/** How far back a preview searches: as far as the API goes, the newest events first, for as long as it takes the time. */
const DAYS = "9999";

type State =
  | { readonly is: "empty" }
  | { readonly is: "reading"; readonly name: string }
  | { readonly is: "previewed"; readonly file: File; readonly preview: Preview }
  | { readonly is: "importing"; readonly file: File; readonly preview: Preview };

/** Takes a feed file, shows what it would do, and imports it when told to. */
export function DropZone({ onImported }: { readonly onImported?: () => void }) {
  const [state, setState] = useState<State>({ is: "empty" });
  const [isOver, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);

  const preview = async (file: File): Promise<void> => {
    setState({ is: "reading", name: file.name });
    try {
      const query = { name: nameOf(file), dryRun: "true", days: DAYS };
      const previewed = await upload<Preview>(withQuery("/api/v1/imports", query), file);
      setState({ is: "previewed", file, preview: previewed });
    } catch (error) {
      fail(error);
    }
  };
  const store = async (file: File, previewed: Preview): Promise<void> => {
    setState({ is: "importing", file, preview: previewed });
    try {
      const path = withQuery("/api/v1/imports", { name: nameOf(file) });
      const report = await upload<ImportReport>(path, file);
      tell(t("imports.done", { name: visibleText(report.name) }));
      setState({ is: "empty" });
      onImported?.();
      go(writePlace("imports", report.id));
    } catch (error) {
      fail(error);
    }
  };
  const fail = (error: unknown) => {
    if (!(error instanceof ApiProblem)) throw error;
    tell(describeProblem(error), true);
    setState({ is: "empty" });
  };

  // A file that misses the field must not replace the page.
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void preview(file);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, []);

  if (state.is === "previewed" || state.is === "importing") {
    return (
      <PreviewCard
        preview={state.preview}
        isBusy={state.is === "importing"}
        onImport={() => void store(state.file, state.preview)}
        onCancel={() => setState({ is: "empty" })}
      />
    );
  }
  return (
    <div class={isOver ? "drop drop-over" : "drop"}>
      {state.is === "reading" ? (
        <p role="status">{t("imports.reading", { name: visibleText(state.name) })}</p>
      ) : (
        <>
          <p class="empty-title">{t("imports.drop")}</p>
          <p class="muted">{t("imports.dropWhy")}</p>
          <button type="button" class="button" onClick={() => picker.current?.click()}>
            {t("imports.choose")}
          </button>
          <input
            ref={picker}
            type="file"
            hidden
            aria-label={t("imports.choose")}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = "";
              if (file !== undefined) void preview(file);
            }}
          />
        </>
      )}
    </div>
  );
}

/** The API takes names without control characters, and not too long. */
function nameOf(file: File): string {
  const name = file.name.replaceAll(/\p{Cc}/gu, "").trim().slice(0, 200); // prettier-ignore
  return name === "" ? "upload" : name;
}
