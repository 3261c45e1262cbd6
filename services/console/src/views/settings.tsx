import type { TextKey } from "../i18n/en.ts";
import { LANGUAGES, LANGUAGE_NAMES } from "../i18n/translate.ts";
import { Name } from "../parts/data.tsx";
import { attempt } from "../parts/notices.tsx";
import { language, theme, THEMES, zone, ZONES } from "../preferences.ts";
import { endSession, may, session } from "../session.ts";
import { AuditLog } from "../settings/audit-log.tsx";
import { Keys } from "../settings/keys.tsx";
import { say, t } from "../words.ts";

export function SettingsView() {
  return (
    <div class="view">
      <div class="head">
        <h1>{t("settings.title")}</h1>
      </div>
      <div class="settings">
        <section class="card">
          <h2>{t("settings.look")}</h2>
          <Choice
            title="settings.language"
            chosen={language.value}
            options={LANGUAGES.map((one) => [one, LANGUAGE_NAMES[one]])}
            onChoose={(one) => (language.value = one)}
          />
          <Choice
            title="settings.theme"
            chosen={theme.value}
            options={THEMES.map((one) => [one, t(`settings.theme.${one}`)])}
            onChoose={(one) => (theme.value = one)}
          />
          <Choice
            title="settings.zone"
            chosen={zone.value}
            options={ZONES.map((one) => [one, t(`settings.zone.${one}`)])}
            onChoose={(one) => (zone.value = one)}
          />
        </section>
        <Access />
        {may("admin") && <Keys />}
        {may("admin") && <AuditLog />}
        <section class="card">
          <h2>{t("settings.about")}</h2>
          <p>{t("settings.aboutText")}</p>
          <a href="/docs" target="_blank" rel="noreferrer">
            {t("settings.docs")}
          </a>
        </section>
      </div>
    </div>
  );
}

function Choice<T extends string>({
  title,
  chosen,
  options,
  onChoose,
}: {
  readonly title: TextKey;
  readonly chosen: T;
  readonly options: readonly (readonly [value: T, name: string])[];
  readonly onChoose: (value: T) => void;
}) {
  return (
    <fieldset class="segments">
      <legend>{t(title)}</legend>
      {options.map(([value, name]) => (
        <label key={value}>
          <input
            type="radio"
            name={title}
            value={value}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Access() {
  const state = session.value;
  if (state.is !== "good") return null;
  const { key, scopes, session: isSession } = state.who;
  return (
    <section class="card">
      <h2>{t("settings.access")}</h2>
      {key === null ? (
        <p>{t("settings.open")}</p>
      ) : (
        <p>
          {say("settings.signedIn", {
            name: (
              <strong>
                <Name value={key.name} />
              </strong>
            ),
          })}
        </p>
      )}
      <p class="muted">
        {t("settings.scopes", { scopes: scopes.map((one) => t(`scope.${one}`)).join(", ") })}
      </p>
      {isSession && (
        <button type="button" class="button" onClick={() => void attempt(endSession)}>
          {t("settings.signOut")}
        </button>
      )}
    </section>
  );
}
