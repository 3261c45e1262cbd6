/** Addresses, names and connections of CybOX. */
import { address, isMeaningless } from "../terms/values.ts";
import { textTest } from "../terms/condition.ts";
import {
  addressTerm,
  connectionTerm,
  domainTerm,
  integerTerm,
  isUndecidable,
  type Term,
  textTerm,
  unsupported,
  urlTerm,
} from "../terms/term.ts";
import { either } from "../terms/expression.ts";
import { childOf, elementsOf, type XmlElement } from "../xml/xml-tree.ts";
import { type Criteria, groupOf, lostPart } from "./criteria.ts";
import { fieldOf, NOTHING, type ObjectContext, type ObjectRules, readField, type Taken } from "./object-rules.ts"; // prettier-ignore
import { refangValue } from "./property.ts";

const lower = (value: string): string => value.toLowerCase();
const name = fieldOf(domainTerm, refangValue);
const url = fieldOf(urlTerm, refangValue);
const protocol = fieldOf((scope) => textTerm(scope, "network-traffic:protocols[*]"), lower);
const traffic = (end: "src" | "dst", scope: string) => ({
  address: fieldOf(() => addressTerm(scope, `network-traffic:${end}_ref.value`), refangValue),
  host: fieldOf(() => textTerm(scope, `network-traffic:${end}_ref.value`), refangValue),
  port: fieldOf(() => integerTerm(scope, `network-traffic:${end}_port`)),
});

/** An address or a range, wherever it stands: at either end of a connection, in the answer to a look-up. */
function anyAddressTerm(scope: string): Term {
  return {
    scope,
    compare(condition) {
      const { value } = condition;
      const six = value.includes(":");
      const term = addressTerm(scope, six ? "ipv6-addr:value" : "ipv4-addr:value");
      if (condition.verb === "is" && isMeaningless(address(value))) {
        return { code: "feed/term-unknown", reason: `${JSON.stringify(value.slice(0, 60))} is no address` }; // prettier-ignore
      }
      return term.compare(condition);
    },
  };
}

const SHOWN = /^(?:ipv4-addr|ipv6-addr|cidr|ipv4-net|ipv6-net)$/;

function takeAddress(properties: XmlElement, context: ObjectContext): Taken {
  const value = childOf(properties, "Address_Value");
  if (value === undefined) return NOTHING;
  const category = properties.attributes.get("category")?.toLowerCase() ?? "ipv4-addr";
  const criteria = SHOWN.test(category)
    ? readField(value, fieldOf(anyAddressTerm, refangValue), "Address_Value", context)
    : lostPart("feed/term-unknown", `an address of the category ${category.slice(0, 40)} (${value.where}): no Sysmon event shows it`); // prettier-ignore
  return { criteria: [criteria], read: new Set([value]) };
}

export const ADDRESS: ObjectRules = { fields: {}, take: takeAddress };

/** A name and all names below it. */
function belowTerm(scope: string): Term {
  return {
    scope,
    compare(condition) {
      const value = `.${condition.value.replace(/^\./, "")}`;
      return (
        textTest("domain-name:value", { ...condition, value, verb: "ends-with" }) ?? unsupported()
      );
    },
  };
}

export const DOMAIN: ObjectRules = {
  fields: {},
  take(properties, context) {
    const value = childOf(properties, "Value");
    if (value === undefined) return NOTHING;
    const isTop = properties.attributes.get("type")?.toUpperCase() === "TLD";
    const field = isTop ? fieldOf(belowTerm, refangValue) : name;
    return { criteria: [readField(value, field, "Value", context)], read: new Set([value]) };
  },
};

export const HOSTNAME: ObjectRules = { fields: { Hostname_Value: name }, leftOut: ["Naming_System"] }; // prettier-ignore

export const URI: ObjectRules = {
  fields: {},
  leftOut: ["URL_Label"],
  take(properties, context) {
    const value = childOf(properties, "Value");
    if (value === undefined) return NOTHING;
    const isName = /^domain name$/i.test(properties.attributes.get("type") ?? "");
    const field = isName ? name : url;
    return { criteria: [readField(value, field, "Value", context)], read: new Set([value]) };
  },
};

export const URL_HISTORY: ObjectRules = {
  fields: { "URL_History_Entry/URL/Value": url, "URL_History_Entry/Hostname/Hostname_Value": name },
  leftOut: ["Browser_Information"],
};

export const DNS_QUERY: ObjectRules = {
  fields: { "Question/QName/Value": name },
  leftOut: ["Question/QType", "Question/QClass", "Transaction_ID", "Service_Used"],
};

const RESOLVED = "domain-name:resolves_to_refs[*].value";

export const DNS_RECORD: ObjectRules = {
  fields: {
    "Domain_Name/Value": name,
    "IP_Address/Address_Value": fieldOf((scope) => addressTerm(scope, RESOLVED), refangValue),
  },
  leftOut: ["Address_Class", "Entry_Type", "Record_Type", "Record_Name", "TTL", "Data_Length"],
};

const REQUEST = "HTTP_Request_Response/HTTP_Client_Request";

/** Of a request Sysmon shows the host's name, by its look-up. */
export const HTTP: ObjectRules = {
  fields: { [`${REQUEST}/HTTP_Request_Header/Parsed_Header/Host/Domain_Name/Value`]: name },
  leftOut: [
    `${REQUEST}/HTTP_Request_Header/Parsed_Header/Host/Port`,
    `${REQUEST}/HTTP_Request_Line/Version`,
  ],
};

/** Reads one end of a connection, or both where it may be either. */
function readEnd(
  socket: XmlElement,
  end: "src" | "dst",
  context: ObjectContext,
  isAlone: boolean,
): readonly Criteria[] {
  const fields = traffic(end, context.scope);
  const criteria: Criteria[] = [];
  for (const element of elementsOf(socket)) {
    if (element.children.length > 0 || element.text === "") continue;
    const { local } = element;
    if (local === "Address_Value")
      criteria.push(readField(element, fields.address, local, context));
    else if (local === "Port_Value") criteria.push(readField(element, fields.port, local, context));
    else if (local === "Layer4_Protocol")
      criteria.push(readField(element, protocol, local, context));
    else if (local === "Hostname_Value") {
      // A connection's own name is what its address resolves back to; the look-up of the name shows it better.
      criteria.push(readField(element, isAlone ? name : fields.host, local, context));
    } else if (local !== "Naming_System") {
      criteria.push(lostPart("feed/term-unknown", `${local} (${element.where}): no Sysmon event shows it`)); // prettier-ignore
    }
  }
  return criteria;
}

function takeConnection(properties: XmlElement, context: ObjectContext): Taken {
  const criteria: Criteria[] = [];
  const read = new Set<XmlElement>();
  for (const [local, end] of [
    ["Source_Socket_Address", "src"],
    ["Destination_Socket_Address", "dst"],
  ] as const) {
    const socket = childOf(properties, local);
    if (socket === undefined) continue;
    read.add(socket);
    const isAlone = end === "dst" && properties.children.length === 1 && socket.children.length === 1; // prettier-ignore
    criteria.push(...readEnd(socket, end, context, isAlone));
  }
  return { criteria, read };
}

/** What is said of a layer above TCP shows in other events, on the same host. */
function above(prefix: string, rules: ObjectRules): ObjectRules["fields"] {
  return Object.fromEntries(
    Object.entries(rules.fields).map(([path, field]) => [
      `${prefix}/${path}`,
      { ...field, term: (scope: string) => field.term(`${scope} above`) },
    ]),
  );
}

export const CONNECTION: ObjectRules = {
  fields: {
    Layer3_Protocol: protocol,
    Layer4_Protocol: protocol,
    ...above("Layer7_Connections/HTTP_Session", HTTP),
    ...above("Layer7_Connections/DNS_Query", DNS_QUERY),
  },
  leftOut: ["Layer7_Protocol"],
  take: takeConnection,
};

/** A socket address at either end: address and port stand at the same. */
export const SOCKET_ADDRESS: ObjectRules = {
  fields: {},
  take(properties, context) {
    const isAlone = properties.children.length === 1;
    const ends = (["dst", "src"] as const).map((end) =>
      groupOf("and", readEnd(properties, end, context, isAlone)),
    );
    return { criteria: [groupOf("or", ends)], read: new Set(properties.children) };
  },
};

/** A socket as its owner sees it. */
export const NETWORK_SOCKET: ObjectRules = {
  fields: {
    "Local_Address/IP_Address/Address_Value": fieldOf((scope) => connectionTerm(scope, "local", "address"), refangValue), // prettier-ignore
    "Local_Address/Port/Port_Value": fieldOf((scope) => connectionTerm(scope, "local", "port")),
    "Remote_Address/IP_Address/Address_Value": fieldOf((scope) => connectionTerm(scope, "remote", "address"), refangValue), // prettier-ignore
    "Remote_Address/Port/Port_Value": fieldOf((scope) => connectionTerm(scope, "remote", "port")),
    "Remote_Address/Hostname/Hostname_Value": name,
  },
  leftOut: ["Address_Family", "Domain", "Protocol", "Type", "Options"],
};

function anyPortTerm(scope: string): Term {
  return {
    scope,
    compare(condition) {
      const to = integerTerm(scope, "network-traffic:dst_port").compare(condition);
      const from = integerTerm(scope, "network-traffic:src_port").compare(condition);
      if (isUndecidable(to)) return to;
      return isUndecidable(from) ? from : either([to, from], condition.negated);
    },
  };
}

export const PORT: ObjectRules = {
  fields: { Port_Value: fieldOf(anyPortTerm), Layer4_Protocol: protocol },
};
