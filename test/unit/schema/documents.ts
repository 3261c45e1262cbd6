/** One process creation, written by hand, as each layout has it; and a way to lay any fields out. */

type Fields = Readonly<Record<string, unknown>>;

export const processCreation: Fields = {
  RuleName: "-",
  UtcTime: "2024-05-06 07:08:09.123",
  ProcessGuid: "{11111111-2222-3333-4444-55555555aaaa}",
  ProcessId: "4321",
  Image: "C:\\Tools\\probe.exe",
  OriginalFileName: "probe.exe",
  Company: "Example Ltd",
  CommandLine: '"C:\\Tools\\probe.exe" --all',
  CurrentDirectory: "C:\\Users\\ann\\",
  User: "LAB\\ann",
  LogonId: "0x3e7",
  IntegrityLevel: "High",
  Hashes:
    "SHA1=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA,MD5=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB,SHA256=CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC,IMPHASH=00000000000000000000000000000000",
  ParentProcessGuid: "{11111111-2222-3333-4444-55555555bbbb}",
  ParentProcessId: "99",
  ParentImage: "C:\\Windows\\explorer.exe",
  ParentCommandLine: "explorer.exe",
};

const channel = "Microsoft-Windows-Sysmon/Operational";
const provider = "Microsoft-Windows-Sysmon";
const time = "2024-05-06T07:08:09.200Z";

const camel = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([k, v]) => [k.charAt(0).toLowerCase() + k.slice(1), v]),
  );
const listed = (fields: Fields, name: (name: string) => object): readonly object[] =>
  Object.entries(fields).map(([k, v]) => ({ ...name(k), "#text": v }));
const xml = (fields: Fields): string => {
  const escape = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const data = Object.entries(fields).map(
    ([k, v]) =>
      `<Data Name="${k}">${escape(typeof v === "string" ? v : (JSON.stringify(v) ?? ""))}</Data>`,
  );
  return `<DataItem type="System.XmlData"><EventData xmlns="x">${data.join("")}</EventData></DataItem>`;
};
const dotted = (prefix: string, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([k, v]) => [`${prefix}.${k}`, v]));
const system = (eventId: number): Fields => ({
  Provider: { "#attributes": { Name: provider } },
  EventID: { "#attributes": { Qualifiers: 0 }, "#text": eventId },
  TimeCreated: { "#attributes": { SystemTime: time } },
  EventRecordID: 77,
  Channel: channel,
  Computer: "WS1.lab.example",
});

/** Ways of laying out, by name; each makes a document of an event id and Sysmon's fields. */
export const arrangements: readonly {
  readonly name: string;
  readonly layout: string;
  readonly lay: (eventId: number, fields: Fields) => unknown;
}[] = [
  {
    name: "Winlogbeat 6",
    layout: "winlogbeat6",
    lay: (eventId, fields) => ({
      "@timestamp": time,
      event_id: eventId,
      computer_name: "WS1.lab.example",
      host: { name: "collector" },
      user: { name: "SYSTEM", domain: "NT AUTHORITY" },
      log_name: channel,
      source_name: provider,
      record_number: "77",
      event_data: fields,
    }),
  },
  {
    name: "Winlogbeat 7, forwarded",
    layout: "winlogbeat7",
    lay: (eventId, fields) => ({
      "@timestamp": time,
      host: { name: "collector" },
      process: { pid: 1048 },
      winlog: {
        event_id: String(eventId),
        provider_name: provider,
        channel,
        computer_name: "WS1.lab.example",
        record_id: 77,
        event_data: fields,
      },
    }),
  },
  {
    name: "Winlogbeat 7, dotted keys and lists of one",
    layout: "winlogbeat7",
    lay: (eventId, fields) => ({
      "@timestamp": [time],
      "winlog.event_id": [eventId],
      "winlog.provider_name": [provider],
      "winlog.channel": [channel],
      "winlog.computer_name": ["WS1.lab.example"],
      "winlog.record_id": ["77"],
      ...dotted(
        "winlog.event_data",
        Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, [v]])),
      ),
    }),
  },
  {
    name: "Wazuh",
    layout: "wazuh",
    lay: (eventId, fields) => ({
      timestamp: time,
      data: {
        win: {
          system: {
            eventID: String(eventId),
            providerName: provider,
            channel,
            computer: "WS1.lab.example",
            eventRecordID: "77",
          },
          eventdata: camel(fields),
        },
      },
    }),
  },
  {
    name: "Wazuh, win at the top",
    layout: "wazuh",
    lay: (eventId, fields) => ({
      win: {
        system: {
          eventID: eventId,
          channel,
          computer: "WS1.lab.example",
          eventRecordID: "77",
          systemTime: time,
        },
        eventdata: camel(fields),
      },
    }),
  },
  {
    name: "EVTX export",
    layout: "evtx",
    lay: (eventId, fields) => ({ Event: { System: system(eventId), EventData: fields } }),
  },
  {
    name: "EVTX export, list of Data with #attributes",
    layout: "evtx",
    lay: (eventId, fields) => ({
      Event: {
        System: system(eventId),
        EventData: { Data: listed(fields, (Name) => ({ "#attributes": { Name } })) },
      },
    }),
  },
  {
    name: "EVTX export, list of Data with @Name",
    layout: "evtx",
    lay: (eventId, fields) => ({
      Event: {
        System: {
          ...system(eventId),
          Provider: { "@Name": provider },
          TimeCreated: { "@SystemTime": time },
        },
        EventData: { Data: listed(fields, (name) => ({ "@Name": name })) },
      },
    }),
  },
  {
    name: "Azure WindowsEvent",
    layout: "azure",
    lay: (eventId, fields) => ({
      TimeGenerated: time,
      Type: "WindowsEvent",
      EventID: eventId,
      Computer: "WS1.lab.example",
      Channel: channel,
      Provider: provider,
      EventRecordId: "77",
      EventData: fields,
    }),
  },
  {
    name: "Azure WindowsEvent, EventData as JSON text",
    layout: "azure",
    lay: (eventId, fields) => ({
      TimeGenerated: time,
      EventID: eventId,
      Computer: "WS1.lab.example",
      Channel: channel,
      EventRecordId: "77",
      EventData: JSON.stringify(fields),
    }),
  },
  {
    name: "Azure Event, EventData as XML text",
    layout: "azure",
    lay: (eventId, fields) => ({
      TimeGenerated: time,
      EventID: eventId,
      Computer: "WS1.lab.example",
      EventLog: channel,
      Source: provider,
      EventRecordId: 77,
      EventData: xml(fields),
    }),
  },
  {
    name: "NXLog",
    layout: "flat",
    lay: (eventId, fields) => ({
      EventTime: "2024-05-06 09:08:09",
      EventID: eventId,
      Hostname: "WS1.lab.example",
      host: "collector",
      SourceName: provider,
      Channel: channel,
      RecordNumber: 77,
      ProcessID: 1048,
      Domain: "NT AUTHORITY",
      AccountName: "SYSTEM",
      EventType: "INFO",
      ...fields,
    }),
  },
];

const ecsRecord = (eventId: number): Fields => ({
  "@timestamp": "2024-05-06T07:08:09.123Z",
  event: { code: String(eventId), module: "sysmon", provider },
});
const ecsWinlog = (eventId: number, fields: Fields = {}): Fields => ({
  event_id: String(eventId),
  provider_name: provider,
  channel,
  computer_name: "WS1.lab.example",
  record_id: "77",
  event_data: fields,
});

/** What Winlogbeat's Sysmon module makes of events; each with the fields as Sysmon wrote them. */
export const ecsEvents: readonly {
  readonly name: string;
  readonly eventId: number;
  readonly fields: Fields;
  readonly document: Fields;
}[] = [
  {
    name: "process creation",
    eventId: 1,
    fields: processCreation,
    document: {
      ...ecsRecord(1),
      process: {
        entity_id: "{11111111-2222-3333-4444-55555555aaaa}",
        pid: 4321,
        executable: "C:\\Tools\\probe.exe",
        name: "probe.exe",
        command_line: '"C:\\Tools\\probe.exe" --all',
        working_directory: "C:\\Users\\ann\\",
        hash: {
          md5: "b".repeat(32),
          sha1: "a".repeat(40),
          sha256: "c".repeat(64),
        },
        pe: { original_file_name: "probe.exe", company: "Example Ltd" },
        parent: {
          entity_id: "{11111111-2222-3333-4444-55555555bbbb}",
          pid: 99,
          executable: "C:\\Windows\\explorer.exe",
          command_line: "explorer.exe",
        },
      },
      user: { id: "S-1-5-18", domain: "LAB", name: "ann" },
      winlog: ecsWinlog(1, { LogonId: "0x3e7", IntegrityLevel: "High", Company: "Example Ltd" }),
    },
  },
  {
    name: "network connection",
    eventId: 3,
    fields: {
      ProcessId: "7",
      Image: "C:\\a.exe",
      Protocol: "tcp",
      Initiated: "true",
      SourceIsIpv6: "false",
      SourceIp: "192.0.2.1",
      SourcePort: "50000",
      DestinationIsIpv6: "false",
      DestinationIp: "198.51.100.7",
      DestinationHostname: "c2.example",
      DestinationPort: "443",
      DestinationPortName: "https",
    },
    document: {
      ...ecsRecord(3),
      process: { pid: 7, executable: "C:\\a.exe" },
      network: { transport: "tcp", protocol: "https", direction: "egress", type: "ipv4" },
      source: { ip: "192.0.2.1", port: 50000 },
      destination: { ip: "198.51.100.7", port: 443, domain: "c2.example" },
      winlog: ecsWinlog(3),
    },
  },
  {
    name: "image loaded",
    eventId: 7,
    fields: {
      Image: "C:\\a.exe",
      ImageLoaded: "C:\\b.dll",
      Hashes: `MD5=${"D".repeat(32)}`,
      Signed: "true",
      Signature: "Example Ltd",
      SignatureStatus: "Valid",
    },
    document: {
      ...ecsRecord(7),
      process: { executable: "C:\\a.exe" },
      file: {
        path: "C:\\b.dll",
        name: "b.dll",
        hash: { md5: "d".repeat(32) },
        code_signature: {
          signed: true,
          valid: true,
          subject_name: "Example Ltd",
          status: "Valid",
        },
      },
      winlog: ecsWinlog(7),
    },
  },
  {
    name: "process access",
    eventId: 10,
    fields: {
      SourceProcessGUID: "{11111111-2222-3333-4444-55555555aaaa}",
      SourceProcessId: 5,
      SourceThreadId: 6,
      SourceImage: "C:\\a.exe",
      TargetProcessGUID: "{11111111-2222-3333-4444-55555555bbbb}",
      TargetProcessId: 8,
      TargetImage: "C:\\Windows\\system32\\lsass.exe",
      GrantedAccess: "0x1010",
    },
    document: {
      ...ecsRecord(10),
      process: {
        entity_id: "{11111111-2222-3333-4444-55555555aaaa}",
        pid: 5,
        thread: { id: 6 },
        executable: "C:\\a.exe",
      },
      winlog: ecsWinlog(10, {
        TargetProcessGUID: "{11111111-2222-3333-4444-55555555bbbb}",
        TargetProcessId: "8",
        TargetImage: "C:\\Windows\\system32\\lsass.exe",
        GrantedAccess: "0x1010",
      }),
    },
  },
  {
    name: "registry value set",
    eventId: 13,
    fields: {
      Image: "C:\\a.exe",
      EventType: "SetValue",
      TargetObject: "HKLM\\Software\\Example\\Flag",
      Details: "DWORD (0x0000002a)",
    },
    document: {
      ...ecsRecord(13),
      process: { executable: "C:\\a.exe" },
      registry: {
        path: "HKLM\\Software\\Example\\Flag",
        hive: "HKLM",
        key: "Software\\Example\\Flag",
        value: "Flag",
        data: { strings: ["42"], type: "SZ_DWORD" },
      },
      winlog: ecsWinlog(13, { EventType: "SetValue" }),
    },
  },
  {
    name: "pipe created",
    eventId: 17,
    fields: { Image: "C:\\a.exe", EventType: "CreatePipe", PipeName: "\\probe" },
    document: {
      ...ecsRecord(17),
      process: { executable: "C:\\a.exe" },
      file: { name: "\\probe" },
      winlog: ecsWinlog(17, { EventType: "CreatePipe" }),
    },
  },
  {
    name: "DNS query",
    eventId: 22,
    fields: {
      Image: "C:\\a.exe",
      QueryName: "www.example",
      QueryStatus: "0",
      QueryResults: "type:  5 edge.example;::ffff:192.0.2.9;2001:db8::1;",
    },
    document: {
      ...ecsRecord(22),
      process: { executable: "C:\\a.exe" },
      dns: {
        question: { name: "www.example" },
        answers: [
          { type: "CNAME", data: "edge.example" },
          { type: "A", data: "192.0.2.9" },
          { type: "AAAA", data: "2001:db8::1" },
        ],
        resolved_ip: ["192.0.2.9", "2001:db8::1"],
      },
      sysmon: { dns: { status: "SUCCESS" } },
      winlog: ecsWinlog(22),
    },
  },
  {
    name: "file deleted",
    eventId: 23,
    fields: {
      Image: "C:\\a.exe",
      User: "LAB\\ann",
      TargetFilename: "C:\\x\\gone.txt",
      Hashes: `MD5=${"E".repeat(32)}`,
      IsExecutable: "false",
      Archived: "true",
    },
    document: {
      ...ecsRecord(23),
      process: { executable: "C:\\a.exe", hash: { md5: "e".repeat(32) } },
      user: { domain: "LAB", name: "ann" },
      file: { path: "C:\\x\\gone.txt" },
      sysmon: { file: { archived: true, is_executable: false } },
      winlog: ecsWinlog(23),
    },
  },
];
