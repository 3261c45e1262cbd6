import {
  addressTest,
  type Condition,
  escapeRegex,
  hashTest,
  integerTests,
  quote,
  type Test,
  textTest,
} from "./condition.ts";
import { all, type Comparisons, either } from "./expression.ts";

/** Why a term has no comparison for a condition or value. */
export interface Undecidable {
  readonly code: "feed/term-unknown" | "feed/condition-unsupported";
  readonly reason: string;
}

/** What an OpenIOC term means in STIX. */
export interface Term {
  /** The thing it is about; see `Scoped`. */
  readonly scope: string;
  /** What Sysmon does not show of it, though it shows some; reported with each use. */
  readonly limit?: string;
  readonly compare: (condition: Condition) => Comparisons | Undecidable;
}

export function isUndecidable(result: Comparisons | Undecidable): result is Undecidable {
  return "reason" in result;
}

export function unsupported(reason = "this condition has no meaning for this term"): Undecidable {
  return { code: "feed/condition-unsupported", reason };
}

export function textTerm(scope: string, path: string): Term {
  return { scope, compare: (condition) => textTest(path, condition) ?? unsupported() };
}

const DIGITS = { MD5: 32, "SHA-1": 40, "SHA-256": 64 } as const;

export function hashTerm(scope: string, algorithm: keyof typeof DIGITS, file = "file:"): Term {
  const path = `${file}hashes.${algorithm === "MD5" ? algorithm : `'${algorithm}'`}`;
  return {
    scope,
    compare: (condition) => hashTest(path, condition, DIGITS[algorithm]) ?? unsupported(),
  };
}

export function integerTerm(scope: string, path: string): Term {
  return { scope, compare: (condition) => compareInteger(path, condition) };
}

function compareInteger(path: string, condition: Condition): Comparisons | Undecidable {
  const tests = integerTests(path, condition);
  return tests === undefined
    ? unsupported("the value is no whole number, or the condition does not fit one")
    : all(tests);
}

export function addressTerm(scope: string, path: string): Term {
  return { scope, compare: (condition) => compareAddress(path, condition) };
}

function compareAddress(path: string, condition: Condition): Comparisons | Undecidable {
  return addressTest(path, condition) ?? unsupported("a range of addresses can't be a pattern");
}

/**
 * One end of a connection. Sysmon writes source and destination; the remote end is the destination, and the source where the
 * connection came in (`Initiated: false`).
 */
export function connectionTerm(
  scope: string,
  end: "remote" | "local",
  what: "address" | "port",
): Term {
  const property = what === "address" ? "ref.value" : "port";
  const compare = what === "address" ? compareAddress : compareInteger;
  const [outgoing, incoming] = end === "remote" ? ["dst", "src"] : ["src", "dst"];
  return {
    scope,
    compare(condition) {
      const { negated } = condition;
      const out = compare(`network-traffic:${outgoing}_${property}`, condition);
      const back = compare(`network-traffic:${incoming}_${property}`, condition);
      if (isUndecidable(out)) return out;
      if (isUndecidable(back)) return back;
      const cameIn: Test = {
        path: "network-traffic:x_initiated",
        operator: "=",
        literal: "'false'",
        negated,
      };
      return either([out, negated ? { any: [back, cameIn] } : all([back, cameIn])], negated);
    },
  };
}

export function domainTerm(scope: string): Term {
  return textTerm(scope, "domain-name:value");
}

const HOST_URL = /^(?:[a-z]+:\/\/)?((?:[a-z0-9_-]+\.)+[a-z]{2,})\/?$/i;
const FILE_ENDING =
  /\.(?:php\d?|aspx?|jsp|html?|cgi|exe|dll|js|css|png|jpe?g|gif|txt|zip|rar|xml|json|dat|bin|action|do)$/i;

/** An address of a page: shown by the zone stream of a download only; one that is just a host, by the look-up of its name too. */
export function urlTerm(scope: string): Term {
  return {
    scope,
    limit: "Sysmon shows addresses of pages only in the zone stream of downloaded files",
    compare(condition) {
      const { verb, negated, value } = condition;
      const url = textTest("url:value", condition);
      if (url === undefined) return unsupported();
      const host = verb === "matches" ? undefined : HOST_URL.exec(value)?.[1];
      if (host === undefined || (FILE_ENDING.test(host) && !value.includes("/"))) return url;
      const name = verb === "starts-with" ? "is" : verb;
      const lookUp = textTest("domain-name:value", { ...condition, value: host, verb: name });
      return lookUp === undefined ? url : either([lookUp, url], negated);
    },
  };
}

/** A user, with or without domain. */
export function userTerm(scope: string, account: string): Term {
  return {
    scope,
    compare: (condition) =>
      textTest(
        `${account}${condition.value.includes("\\") ? "user_id" : "account_login"}`,
        condition,
      ) ?? unsupported(),
  };
}

/** A handle's name: mutexes, sections and files held open show nowhere, pipes do. */
export function handleNameTerm(scope: string): Term {
  return {
    scope,
    compare(condition) {
      const pipe = /^\\?(?:Device\\)?NamedPipe\\(.+)$/i.exec(condition.value)?.[1];
      if (pipe === undefined || condition.verb === "matches") {
        return { code: "feed/term-unknown", reason: "Sysmon shows no handles but those of pipes" };
      }
      return textTest("x-windows-pipe:name", { ...condition, value: pipe }) ?? unsupported();
    },
  };
}

/** A certificate's subject. Sysmon gives the signer's name alone, so only a part of the subject can be looked for. */
export function signerTerm(scope: string): Term {
  return {
    scope,
    compare: ({ verb, value, ...condition }) =>
      verb === "contains"
        ? (textTest("file:x_signature", {
            ...condition,
            verb,
            value: value.replace(/^CN=/i, ""),
          }) ?? unsupported())
        : unsupported("Sysmon shows the signer's name alone, not the whole subject"),
  };
}

/** A yes or no, which Sysmon writes as text; `yes` is the text that stands for true. */
export function flagTerm(scope: string, path: string, yes: string): Term {
  return {
    scope,
    compare({ verb, value, negated }) {
      if (verb !== "is" || !/^(?:true|false|0|1)$/i.test(value))
        return unsupported("it is neither true nor false");
      const no = /^(?:false|0)$/i.test(value);
      return { path, operator: "=", literal: quote(yes), negated: negated !== no };
    },
  };
}

/** `exe` or `.exe`. */
export function extensionTerm(scope: string): Term {
  return {
    scope,
    compare(condition) {
      const path = "file:name";
      const { verb, negated, caseSensitive } = condition;
      const value = condition.value.replace(/^\./, "");
      if (verb === "is") {
        return (
          textTest(path, { ...condition, verb: "ends-with", value: `.${value}` }) ?? unsupported()
        );
      }
      if (verb !== "contains" && verb !== "starts-with" && verb !== "ends-with")
        return unsupported();
      const before = verb === "starts-with" ? "" : "[^.]*";
      const behind = verb === "ends-with" ? "" : "[^.]*";
      const regex = `${caseSensitive ? "" : "(?i)"}\\.${before}${escapeRegex(value)}${behind}$`;
      return { path, operator: "MATCHES", literal: quote(regex), negated };
    },
  };
}
