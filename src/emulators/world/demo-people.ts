/** First name, last name, address. */
export type Person = readonly [first: string, last: string, email: string];

/** Everybody in the demo; whoever stands in several accounts is one entry here. */
export const people = {
  // Harbor Tea
  mira: ['Mira', 'Sandoval', 'mira@harbor-tea.example'],
  ines: ['Ines', 'Varga', 'ines@harbor-tea.example'],
  omar: ['Omar', 'Diaz', 'omar@harbor-tea.example'],
  lena: ['Lena', 'Fischer', 'lena@harbor-tea.example'],
  nora: ['Nora', 'Lind', 'nora.lind@harbor-tea.example'],
  darcy: ["D'Arcy", "O'Shaughnessy", "d'arcy.o'shaughnessy@harbor-tea.example"],
  lukasz: ['Łukasz', 'Żółć', 'lukasz.zolc@harbor-tea.example'],
  zoe: ['Zoë 🍵', 'Nakamura', 'zoe@harbor-tea.example'],
  yael: ['יעל', 'כהן', 'yael@harbor-tea.example'],
  priya: ['Priya', 'Raghunathan', 'priya@harbor-tea.example'],
  silas: ['Silas', 'Marrow', 'silas@harbor-tea.example'],

  // Maple Books
  anais: ['Anaïs', 'Lefèvre', 'anais@maple-books.example'],
  bobby: ['Robert "Bobby"', 'Tables', 'bobby@maple-books.example'],
  maxine: ['<b>Maxine</b>', '<script>alert(1)</script>', 'maxine@maple-books.example'],
  wolfe: [
    'Hubert Blaine',
    'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafewarenwohlgepflege' +
      'undsorgfaltigkeitbeschutzenvonangreifendurchihrraubgierigfeinde',
    'hubert.blaine.wolfeschlegelsteinhausenbergerdorff@maple-books.example',
  ],
  joerg: ['Jörg', 'Bücher', 'joerg@bücher.example'],
  tomas: ['Tomás', 'Ó Súilleabháin', 'tomas@maple-books.example'],
  meiling: ['美玲', '陈', 'meiling.chen@maple-books.example'],

  // Harbour Cafe
  kofi: ['Kofi', 'Mensah', 'kofi@harbour-cafe.example'],
  freya: ['Freya', 'Holm', 'freya@harbour-cafe.example'],
  sam: ['Sam', 'Whitlock', 'sam.whitlock@harbour-cafe.example'],
  amira: ['أميرة', 'حداد', 'amira@harbour-cafe.example'],
  dmitri: ['Дмитрий', 'Орлов', 'dmitri@harbour-cafe.example'],
  beatriz: ['Beatriz', 'Salgueiro', 'beatriz@harbour-cafe.example'],
  hugo: ['Hugo', 'Prentice', 'hugo@harbour-cafe.example'],
  wen: ['Wen', 'Liang', 'wen@harbour-cafe.example'],
  ruth: ['Ruth', 'Adeyemi', 'ruth@harbour-cafe.example'],

  // Contoso
  ivo: ['Ivo', 'Brandt', 'ivo.brandt@contoso.example'],
  vale: ['Nora', 'Vale', 'nora.vale@contoso.example'],
  grace: ['Grace', 'Okafor', 'grace.okafor@contoso.example'],
  henrik: ['Henrik', 'Dahl', 'henrik.dahl@contoso.example'],
  salma: ['Salma', 'Benali', 'salma.benali@contoso.example'],
  pablo: ['Pablo', 'Quiroga', 'pablo.quiroga@contoso.example'],
  yuki: ['由紀', '田中', 'yuki.tanaka@contoso.example'],
  marek: ['Marek', 'Novotný', 'marek.novotny@contoso.example'],
  elif: ['Elif', 'Şahin', 'elif.sahin@contoso.example'],
  quentin: ['Quentin', "L'Hôpital", 'quentin.lhopital@contoso.example'],
  rosa: ['Rosa', 'Amaral', 'rosa.amaral@contoso.example'],
  nameless: ['', '', 'warehouse.3@contoso.example'],
  tove: ['Tove', 'Sørensen', 'tove.sorensen@contoso.example'],

  // Contoso Nordic
  astrid: ['Astrid', 'Bergström', 'astrid@contoso-nordic.example'],
  bjorn: ['Bjørn', 'Åse', 'bjorn@contoso-nordic.example'],
  saga: ['Saga', 'Lindqvist', 'saga@contoso-nordic.example'],
  leif: ['Leif', 'Aaltonen', 'leif@contoso-nordic.example'],

  // Globex
  dana: ['Dana', 'Kowalski', 'dana@globex.example'],
  viktor: ['Viktor', 'Ilić', 'viktor@globex.example'],
  ling: ['Ling', 'Zhao', 'ling@globex.example'],
  otto: ['Otto', 'Kranz', 'otto@globex.example'],
  femi: ['Femi', 'Balogun', 'femi@globex.example'],
  iris: ['Iris', 'Papadaki', 'iris@globex-studio.example'],
  jonas: ['Jonas', 'Vogel', 'jonas@globex-studio.example'],
  carmen: ['Carmen', 'Ibarra', 'carmen@globex-studio.example'],
  teo: ['Teo', 'Marchetti', 'teo@globex-studio.example'],
  lucia: ['Lucía', 'Ferrer', 'lucia@globex-iberia.example'],
  mateo: ['Mateo', 'Rincón', 'mateo@globex-iberia.example'],
  xavi: ['Xavi', 'Puig', 'xavi@globex-iberia.example'],
  inigo: ['Iñigo', 'Etxeberria', 'inigo@globex-iberia.example'],
} satisfies Record<string, Person>;

/** The same person under another spelling of the address. */
export const spelt = ([first, last]: Person, email: string): Person => [first, last, email];

/** Nora Lind as one vendor keeps her: the same address in another case. */
export const noraInCapitals = spelt(people.nora, 'Nora.Lind@Harbor-Tea.example');

/** Jörg Bücher as one vendor keeps him: the same domain in punycode. */
export const joergInPunycode = spelt(people.joerg, 'joerg@xn--bcher-kva.example');

/** Sam Whitlock's address with a tag: another address, perhaps the same mailbox. */
export const samWithTag = spelt(people.sam, 'sam.whitlock+cafe@harbour-cafe.example');

/** Both names, or nothing where there is none. */
export const fullName = ([first, last]: Person): string => `${first} ${last}`.trim();
