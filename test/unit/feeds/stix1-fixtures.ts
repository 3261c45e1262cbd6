const NAMESPACES = `xmlns:stix="http://stix.mitre.org/stix-1" xmlns:ind="http://stix.mitre.org/Indicator-2"
 xmlns:c="http://stix.mitre.org/common-1" xmlns:cybox="http://cybox.mitre.org/cybox-2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:o="http://cybox.mitre.org/objects#AnyObject-2" xmlns:marking="http://data-marking.mitre.org/Marking-1"
 xmlns:tlp="http://data-marking.mitre.org/extensions/MarkingStructure#TLP-1" xmlns:ttp="http://stix.mitre.org/TTP-1"`;

/** Wraps what a package holds. */
export function stixPackage(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<stix:STIX_Package ${NAMESPACES} id="ex:Package-1" version="1.2">${content}</stix:STIX_Package>`;
}

/** A package of one indicator. */
export function oneIndicator(content: string, attributes = ""): string {
  return stixPackage(`<stix:Indicators>${indicator("ex:indicator-1", content, attributes)}</stix:Indicators>`); // prettier-ignore
}

export function indicator(id: string, content: string, attributes = ""): string {
  return `<stix:Indicator xsi:type="ind:IndicatorType" id="${id}" ${attributes}>${content}</stix:Indicator>`;
}

/** An observable with an object; elements of `properties` have the prefix `o`. */
export function observable(type: string, properties: string, attributes = ""): string {
  return `<ind:Observable ${attributes}>${object(type, properties)}</ind:Observable>`;
}

export function object(type: string, properties: string, attributes = "", more = ""): string {
  const [name = "", own = ""] = type.split("|");
  return `<cybox:Object ${attributes}><cybox:Properties xsi:type="o:${name}ObjectType" ${own}>${properties}</cybox:Properties>${more}</cybox:Object>`;
}

export function el(name: string, content: string, attributes = ""): string {
  return `<o:${name} ${attributes}>${content}</o:${name}>`;
}

export function composition(operator: string, ...parts: readonly string[]): string {
  return `<ind:Observable><cybox:Observable_Composition operator="${operator}">${parts.join("")}</cybox:Observable_Composition></ind:Observable>`;
}

export function hashes(...list: readonly (readonly [type: string, value: string])[]): string {
  const each = list.map(
    ([type, value]) =>
      `<o:Hash><c:Type>${type}</c:Type><c:Simple_Hash_Value>${value}</c:Simple_Hash_Value></o:Hash>`,
  );
  return el("Hashes", each.join(""));
}
