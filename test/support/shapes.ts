import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  print,
} from 'graphql';

/**
 * Every type, field, argument and enum value of an SDL document by its path (`Query.invites(first:)`), with all that
 * a client or a gateway relies on: kinds, types with their nullability, defaults, and the directives named.
 */
export function shapesOf(document: DocumentNode, directives: readonly string[]): ReadonlyMap<string, string> {
  const shapes = new Map<string, string>();

  const annotations = (node: { readonly directives?: FieldDefinitionNode['directives'] }): string =>
    (node.directives ?? [])
      .filter(({ name }) => directives.includes(name.value))
      .map((directive) => ` ${print(directive)}`)
      .join('');
  const input = (path: string, node: InputValueDefinitionNode): void => {
    const initial = node.defaultValue ? ` = ${print(node.defaultValue)}` : '';
    shapes.set(path, `${print(node.type)}${initial}${annotations(node)}`);
  };

  for (const definition of document.definitions) {
    if (!('name' in definition)) continue;
    const type = definition.name.value;
    switch (definition.kind) {
      case Kind.SCALAR_TYPE_DEFINITION:
        shapes.set(type, `scalar${annotations(definition)}`);
        break;
      case Kind.ENUM_TYPE_DEFINITION:
        shapes.set(type, `enum${annotations(definition)}`);
        for (const { name } of definition.values ?? []) shapes.set(`${type}.${name.value}`, 'value');
        break;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        shapes.set(type, `input${annotations(definition)}`);
        for (const field of definition.fields ?? []) input(`${type}.${field.name.value}`, field);
        break;
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
        shapes.set(type, shapes.get(type) ?? `type${annotations(definition)}`);
        for (const field of definition.fields ?? []) {
          const path = `${type}.${field.name.value}`;
          shapes.set(path, `${print(field.type)}${annotations(field)}`);
          for (const argument of field.arguments ?? []) input(`${path}(${argument.name.value}:)`, argument);
        }
        break;
      default:
        break;
    }
  }
  return shapes;
}
