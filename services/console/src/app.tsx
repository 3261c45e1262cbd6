import { useEffect, useRef, useState } from "preact/hooks";
import { Notices } from "./parts/notices.tsx";
import { isTyping, walk } from "./parts/rows.ts";
import { Loading, Problem } from "./parts/states.tsx";
import { go, place, writePlace } from "./route.ts";
import { askSession, session } from "./session.ts";
import { VIEWS } from "./views.tsx";
import { Help } from "./views/help.tsx";
import { SignInView } from "./views/sign-in.tsx";
import { t } from "./words.ts";

export function App() {
  const state = session.value;
  switch (state.is) {
    case "asking":
      return (
        <main class="alone">
          <Loading />
        </main>
      );
    case "unreachable":
      return (
        <main class="alone">
          <Problem problem={state.problem} retry={() => void askSession()} />
        </main>
      );
    case "refused":
      return <SignInView />;
    case "good":
      return <Shell />;
  }
}

function Shell() {
  const { view: name, id } = place.value;
  const view = VIEWS[name];
  const main = useRef<HTMLElement>(null);
  const [isHelping, setHelping] = useState(false);
  const title = view === undefined ? t("app.notFound") : t(view.title);
  useEffect(() => {
    document.title = `${title} · stixsweep`;
  }, [title]);

  // A new page begins at its top, for the keyboard too.
  const before = useRef(`${name}/${id ?? ""}`);
  useEffect(() => {
    const now = `${name}/${id ?? ""}`;
    if (before.current !== now) {
      before.current = now;
      main.current?.focus();
      window.scrollTo(0, 0);
    }
  }, [name, id]);

  useEffect(() => {
    let leads = false;
    const onKey = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isPlain || isTyping(event.target) || document.querySelector("dialog[open]") !== null) {
        return;
      }
      const afterG = leads;
      leads = event.key === "g";
      if (press(event.key, afterG, () => setHelping(true))) event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t("app.skip")}
      </a>
      <div class="shell">
        <Menu name={name} onHelp={() => setHelping(true)} />
        <main id="content" tabIndex={-1} ref={main}>
          {view === undefined ? (
            <div class="view lost">
              <h1>{t("app.notFound")}</h1>
              <a class="button" href={writePlace("alerts")}>
                {t("app.toAlerts")}
              </a>
            </div>
          ) : id !== undefined && view.one !== undefined ? (
            <view.one key={id} id={id} />
          ) : (
            <view.list key={name} />
          )}
        </main>
      </div>
      {isHelping && <Help onClose={() => setHelping(false)} />}
      <Notices />
    </>
  );
}

const GOES: Readonly<Record<string, string>> = {
  a: "alerts",
  h: "hunt",
  i: "indicators",
  m: "imports",
  c: "coverage",
};

/** Does what a key stands for; says whether it stands for something. */
function press(key: string, afterG: boolean, help: () => void): boolean {
  if (afterG && GOES[key] !== undefined) {
    go(writePlace(GOES[key]));
    return true;
  }
  switch (key) {
    case "/": {
      const field = document.querySelector<HTMLInputElement>("main input[type=search]");
      field?.focus();
      return field !== null;
    }
    case "?":
      help();
      return true;
    case "j":
    case "ArrowDown":
      return walk(1);
    case "k":
    case "ArrowUp":
      return walk(-1);
    default:
      return false;
  }
}

function Menu({ name, onHelp }: { readonly name: string; readonly onHelp: () => void }) {
  return (
    <header class="side">
      <a class="brand" href={writePlace("alerts")}>
        <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
          <rect width="32" height="32" rx="7" class="brand-back" />
          <path d="M7 21.5c3-8 6-11 9-11s6 3 9 11" class="brand-line" />
          <circle cx="16" cy="20.5" r="3.2" class="brand-dot" />
        </svg>
        stixsweep
      </a>
      <nav aria-label={t("app.menu")}>
        {Object.entries(VIEWS).map(
          ([key, { title, icon }]) =>
            icon !== undefined && (
              <a key={key} href={writePlace(key)} aria-current={key === name ? "page" : undefined}>
                <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" class="icon">
                  <path d={icon} />
                </svg>
                {t(title)}
              </a>
            ),
        )}
      </nav>
      <button type="button" class="side-help" onClick={onHelp}>
        <kbd>?</kbd> {t("app.help")}
      </button>
    </header>
  );
}
