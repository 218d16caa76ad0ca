//! Small documents, and how they are compared by somebody else's reader.

/// XML with what canonical forms differ in.
pub const XML: [&str; 8] = [
    "<a/>",
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<order Id=\"o1\"><sum currency='KZT'>100</sum></order>\n",
    "<!-- before --><?pi data?><a xmlns=\"urn:d\" xmlns:p='urn:p' p:x=\"1\" x='2'><p:b xmlns=''>t&#13;\r\n&amp;</p:b></a><!--z-->",
    "<a xml:lang=\"kk\" xml:space='preserve' xml:base=\"http://e.kz/a/\"><b xml:base='../b' xml:id=\"i\"> \u{4d9} </b></a>",
    "<a><![CDATA[<b>&]]>]]&gt;<b a=' &#9;&#xA;\t\n\"'/></a>",
    "<p:a xmlns:p='urn:1'><p:a xmlns:p='urn:2'><p:a xmlns:p='urn:1' q='&quot;&lt;'/></p:a></p:a>",
    "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header/><s:Body><m Id=\"m\">1</m></s:Body></s:Envelope>",
    "<r><a Id=\"x\"/><a Id='y'>\u{1F600}<?p ?></a></r>",
];

/// What the page of [`pdfs`] shows.
pub const CONTENT: &str = "BT /F1 24 Tf 72 700 Td (Contract) Tj ET";

/// Between the objects of [`pdf_of`] and [`update`].
pub const BETWEEN: &[u8] = b"\n%%\n";

/// A document of one page with a cross-reference table, and the same with a cross-reference stream.
pub fn pdfs() -> Vec<Vec<u8>> {
    let objects = one_page();
    let mut with_field = objects.clone();
    with_field[0] = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>".to_owned();
    with_field[2] = objects[2].replace("/Contents", "/Annots[6 0 R]/Contents");
    with_field.push("<</FT/Sig/T(s)/Type/Annot/Subtype/Widget/Rect[10 10 90 40]/P 3 0 R/F 4>>".to_owned());
    let texts = |objects: &[String]| objects.iter().map(|object| object.clone().into_bytes()).collect::<Vec<_>>();
    let (objects, with_field) = (texts(&objects), texts(&with_field));
    vec![table(&objects), stream(&objects), packed(&objects), table(&with_field), stream(&with_field)]
}

/// Its objects.
pub fn one_page() -> Vec<String> {
    vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>\nstream\n{CONTENT}\nendstream", CONTENT.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ]
}

fn split(text: &[u8]) -> Vec<Vec<u8>> {
    let mut objects = vec![Vec::new()];
    let mut rest = text;
    while let [octet, after @ ..] = rest {
        if let Some(after) = rest.strip_prefix(BETWEEN) {
            objects.push(Vec::new());
            rest = after;
        } else {
            objects.last_mut().unwrap().push(*octet);
            rest = after;
        }
    }
    objects.truncate(64);
    objects
}

/// A document of these objects, the first of which is the catalog, with a cross-reference table that is right, or, as
/// the first octet says, with a stream, or with objects in a stream.
pub fn pdf_of(form: u8, text: &[u8]) -> Vec<u8> {
    let objects = split(text);
    match form % 3 {
        0 => table(&objects),
        1 => stream(&objects),
        _ => packed(&objects),
    }
}

/// An update of `pdf`, whose cross-reference table is right: each object begins with an octet that is its number. Gives
/// the numbers and objects as well.
pub fn update(pdf: &[u8], text: &[u8]) -> (Vec<u8>, Vec<(u8, Vec<u8>)>) {
    let mut objects: Vec<(u8, Vec<u8>)> = split(text)
        .into_iter()
        .filter_map(|object| object.split_first().map(|(number, body)| (number % 24 + 1, body.to_vec())))
        .collect();
    objects.sort_by_key(|(number, _)| *number);
    objects.dedup_by_key(|(number, _)| *number);
    let before = String::from_utf8_lossy(pdf);
    let previous = before.rsplit("startxref\n").next().and_then(|rest| rest.split('\n').next()).unwrap_or("0");
    let mut out = pdf.to_vec();
    let mut rows = String::new();
    for (number, object) in &objects {
        rows.push_str(&format!("{number} 1\n{:010} 00000 n\r\n", out.len()));
        out.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let start = out.len();
    out.extend(format!("xref\n{rows}trailer\n<</Size 25/Root 1 0 R/Prev {previous}>>\n").as_bytes());
    out.extend(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    (out, objects)
}

fn body(objects: &[Vec<u8>]) -> (Vec<u8>, Vec<usize>) {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        out.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    (out, places)
}

fn table(objects: &[Vec<u8>]) -> Vec<u8> {
    let (mut out, places) = body(objects);
    let start = out.len();
    let rows: String = places.iter().map(|place| format!("{place:010} 00000 n\r\n")).collect();
    let size = places.len() + 1;
    out.extend(
        format!("xref\n0 {size}\n0000000000 65535 f\r\n{rows}trailer\n<</Size {size}/Root 1 0 R>>\n").as_bytes(),
    );
    out.extend(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    out
}

fn stream(objects: &[Vec<u8>]) -> Vec<u8> {
    let (mut out, places) = body(objects);
    let rows = places.iter().map(|place| (1, *place, 0)).collect();
    with_stream(&mut out, rows);
    out
}

/// Everything but the content in an object stream.
fn packed(objects: &[Vec<u8>]) -> Vec<u8> {
    let (mut out, mut rows) = (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), Vec::new());
    let (mut index, mut bodies, mut within) = (String::new(), Vec::new(), 0);
    let container = objects.len() + 1;
    for (number, object) in (1..).zip(objects) {
        if object.windows(7).any(|window| window == b"stream\n") {
            rows.push((1, out.len(), 0));
            out.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
        } else {
            rows.push((2, container, within));
            index.push_str(&format!("{number} {} ", bodies.len()));
            bodies.extend([object, &b" "[..]].concat());
            within += 1;
        }
    }
    rows.push((1, out.len(), 0));
    let head = format!("<</Type/ObjStm/N {within}/First {}/Length {}>>", index.len(), index.len() + bodies.len());
    out.extend(format!("{container} 0 obj\n{head}\nstream\n{index}").as_bytes());
    out.extend([&bodies, &b"\nendstream\nendobj\n"[..]].concat());
    with_stream(&mut out, rows);
    out
}

fn with_stream(out: &mut Vec<u8>, mut rows: Vec<(u8, usize, u8)>) {
    let (start, number) = (out.len(), rows.len() + 1);
    rows.push((1, start, 0));
    rows.insert(0, (0, 0, 0));
    let data: Vec<u8> = rows
        .iter()
        .flat_map(|(kind, place, last)| [*kind, (place >> 16) as u8, (place >> 8) as u8, *place as u8, *last])
        .collect();
    let head = format!("<</Type/XRef/Size {}/W[1 3 1]/Root 1 0 R/Length {}>>", rows.len(), data.len());
    out.extend(format!("{number} 0 obj\n{head}\nstream\n").as_bytes());
    out.extend(data);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
}

/// A document as another program reads it: names, attributes in order, text, each with its depth. Comments are left out,
/// and text on both sides of one is together.
pub fn outline(document: &roxmltree::Document<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open_text = None;
    for node in document.descendants() {
        let depth = node.ancestors().count();
        if node.is_text() {
            let text = node.text().unwrap_or_default();
            match lines.last_mut() {
                Some(line) if open_text == Some(depth) => line.push_str(text),
                _ => lines.push(format!("{depth} text {text}")),
            }
            open_text = Some(depth);
        } else if node.is_element() {
            open_text = None;
            lines.push(format!("{depth} element {:?}", node.tag_name()));
            let mut attributes: Vec<_> = node
                .attributes()
                .map(|attribute| format!("{:?} {:?} {:?}", attribute.namespace(), attribute.name(), attribute.value()))
                .collect();
            attributes.sort();
            lines.extend(attributes);
        } else if node.is_pi() {
            open_text = None;
            lines.push(format!("{depth} instruction {:?}", node.pi()));
        }
    }
    lines
}
