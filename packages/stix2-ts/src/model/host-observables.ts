import {
  type Extensions,
  type ObservableProperties,
  plainExtensions,
} from "./common-properties.ts";
import {
  anything,
  boolean,
  dictionaryOf,
  extensions,
  formatted,
  integer,
  listOf,
  type ObjectTable,
  record,
  type RecordTable,
  reference,
  required,
  text,
  timestamp,
} from "./kind.ts";
import type { PropertiesOf } from "./value-of.ts";
import * as words from "./vocabulary.ts";

const some = [{ rule: "at-least-one" }] as const;

export const mutexTable = {
  type: "mutex",
  category: "observable",
  section: "2.1 §6.11",
  properties: { name: required(text), extensions: plainExtensions },
  contributing: ["name"],
} as const satisfies ObjectTable;

/** A mutual exclusion object (STIX 2.1 §6.11). */
export interface Mutex extends ObservableProperties, PropertiesOf<typeof mutexTable.properties> {
  readonly type: "mutex";
}

export const windowsProcessExtTable = {
  name: "windows-process-ext",
  section: "2.1 §6.13.2",
  properties: {
    aslr_enabled: boolean,
    dep_enabled: boolean,
    priority: text,
    owner_sid: text,
    window_title: text,
    startup_info: dictionaryOf(anything),
    integrity_level: words.windowsIntegrityLevel,
  },
  rules: some,
} as const satisfies RecordTable;

/** Properties of a Windows process (STIX 2.1 §6.13.2). */
export interface WindowsProcessExt extends PropertiesOf<typeof windowsProcessExtTable.properties> {}

export const windowsServiceExtTable = {
  name: "windows-service-ext",
  section: "2.1 §6.13.3",
  properties: {
    service_name: text,
    descriptions: listOf(text),
    display_name: text,
    group_name: text,
    start_type: words.windowsServiceStartType,
    service_dll_refs: listOf(reference("file")),
    service_type: words.windowsServiceType,
    service_status: words.windowsServiceStatus,
  },
  rules: some,
} as const satisfies RecordTable;

/** Properties of a Windows service (STIX 2.1 §6.13.3). */
export interface WindowsServiceExt extends PropertiesOf<typeof windowsServiceExtTable.properties> {}

/** Extensions of a process: those of STIX 2.1 §6.13, and defined ones. */
export interface ProcessExtensions extends Extensions {
  readonly "windows-process-ext"?: WindowsProcessExt;
  readonly "windows-service-ext"?: WindowsServiceExt;
}

export const processTable = {
  type: "process",
  category: "observable",
  section: "2.1 §6.13",
  properties: {
    is_hidden: boolean,
    pid: integer,
    created_time: timestamp,
    cwd: text,
    command_line: text,
    environment_variables: dictionaryOf(text),
    opened_connection_refs: listOf(reference("network-traffic")),
    creator_user_ref: reference("user-account"),
    image_ref: reference("file"),
    parent_ref: reference("process"),
    child_refs: listOf(reference("process")),
    extensions: extensions<ProcessExtensions>({
      "windows-process-ext": windowsProcessExtTable,
      "windows-service-ext": windowsServiceExtTable,
    }),
  },
  rules: some,
  contributing: [],
} as const satisfies ObjectTable;

/** A running program (STIX 2.1 §6.13). */
export interface Process
  extends ObservableProperties, PropertiesOf<typeof processTable.properties> {
  readonly type: "process";
}

export const softwareTable = {
  type: "software",
  category: "observable",
  section: "2.1 §6.14",
  properties: {
    name: required(text),
    cpe: text,
    swid: text,
    languages: listOf(formatted("language")),
    vendor: text,
    version: text,
    extensions: plainExtensions,
  },
  contributing: ["name", "cpe", "swid", "vendor", "version"],
} as const satisfies ObjectTable;

/** A piece of software (STIX 2.1 §6.14). */
export interface Software
  extends ObservableProperties, PropertiesOf<typeof softwareTable.properties> {
  readonly type: "software";
}

export const unixAccountExtTable = {
  name: "unix-account-ext",
  section: "2.1 §6.16.2",
  properties: { gid: integer, groups: listOf(text), home_dir: text, shell: text },
  rules: some,
} as const satisfies RecordTable;

/** Properties of an account of a UNIX system (STIX 2.1 §6.16.2). */
export interface UnixAccountExt extends PropertiesOf<typeof unixAccountExtTable.properties> {}

/** Extensions of an account: that of STIX 2.1 §6.16, and defined ones. */
export interface UserAccountExtensions extends Extensions {
  readonly "unix-account-ext"?: UnixAccountExt;
}

export const userAccountTable = {
  type: "user-account",
  category: "observable",
  section: "2.1 §6.16",
  properties: {
    user_id: text,
    credential: text,
    account_login: text,
    account_type: words.accountType,
    display_name: text,
    is_service_account: boolean,
    is_privileged: boolean,
    can_escalate_privs: boolean,
    is_disabled: boolean,
    account_created: timestamp,
    account_expires: timestamp,
    credential_last_changed: timestamp,
    account_first_login: timestamp,
    account_last_login: timestamp,
    extensions: extensions<UserAccountExtensions>({ "unix-account-ext": unixAccountExtTable }),
  },
  rules: some,
  contributing: ["account_type", "user_id", "account_login"],
} as const satisfies ObjectTable;

/** An account of a system or a service (STIX 2.1 §6.16). */
export interface UserAccount
  extends ObservableProperties, PropertiesOf<typeof userAccountTable.properties> {
  readonly type: "user-account";
}

export const windowsRegistryValueTable = {
  name: "windows-registry-value-type",
  section: "2.1 §6.17.2",
  properties: { name: text, data: text, data_type: words.windowsRegistryDatatype },
  rules: some,
} as const satisfies RecordTable;

/** A value of a registry key (STIX 2.1 §6.17.2). */
export interface WindowsRegistryValue extends PropertiesOf<
  typeof windowsRegistryValueTable.properties
> {}

export const windowsRegistryKeyTable = {
  type: "windows-registry-key",
  category: "observable",
  section: "2.1 §6.17",
  properties: {
    key: text,
    values: listOf(record<WindowsRegistryValue>(windowsRegistryValueTable)),
    modified_time: timestamp,
    creator_user_ref: reference("user-account"),
    number_of_subkeys: integer,
    extensions: plainExtensions,
  },
  contributing: ["key", "values"],
} as const satisfies ObjectTable;

/** A key of the Windows registry (STIX 2.1 §6.17). */
export interface WindowsRegistryKey
  extends ObservableProperties, PropertiesOf<typeof windowsRegistryKeyTable.properties> {
  readonly type: "windows-registry-key";
}
