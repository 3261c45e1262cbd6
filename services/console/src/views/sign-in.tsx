import { useState } from "preact/hooks";
import { ApiProblem } from "../api/client.ts";
import { LANGUAGES, LANGUAGE_NAMES } from "../i18n/translate.ts";
import { describeProblem } from "../parts/states.tsx";
import { language } from "../preferences.ts";
import { beginSession } from "../session.ts";
import { t } from "../words.ts";

/** The key lives in the field until it is sent, and is then forgotten. */
export function SignInView() {
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  async function submit(): Promise<void> {
    setBusy(true);
    try {
      // A header can't hold anything else, and no key does.
      if (!/^[\x21-\x7e]+$/.test(key.trim())) throw new ApiProblem(401, "api/unauthorized", "");
      await beginSession(key.trim());
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setProblem(said(error));
      setBusy(false);
    }
    setKey("");
  }

  return (
    <main class="alone sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>{t("signIn.title")}</h1>
        <p>{t("signIn.intro")}</p>
        <label>
          {t("signIn.key")}
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            required
            autofocus
            value={key}
            aria-invalid={problem !== undefined}
            aria-describedby="sign-in-problem"
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        <p id="sign-in-problem" class="field-problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="button primary" disabled={isBusy}>
          {t("signIn.go")}
        </button>
        <p class="languages">
          {LANGUAGES.map((one) => (
            <button
              key={one}
              type="button"
              class="link"
              lang={one}
              aria-pressed={language.value === one}
              onClick={() => (language.value = one)}
            >
              {LANGUAGE_NAMES[one]}
            </button>
          ))}
        </p>
      </form>
    </main>
  );
}

function said(problem: ApiProblem): string {
  if (problem.status === 401) return t("signIn.wrong");
  if (problem.code === "api/too-many-attempts") return t("signIn.tooMany");
  return describeProblem(problem);
}
