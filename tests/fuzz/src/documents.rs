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

/// A document of one page with a cross-reference table, and the same with a cross-reference stream.
pub fn pdfs() -> Vec<Vec<u8>> {
    let content = "BT /F1 24 Tf 72 700 Td (Contract) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let field = "<</FT/Sig/T(s)/Type/Annot/Subtype/Widget/Rect[10 10 90 40]/P 3 0 R/F 4>>".to_owned();
    let mut with_field = objects.to_vec();
    with_field[0] = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>".to_owned();
    with_field[2] = objects[2].replace("/Contents", "/Annots[6 0 R]/Contents");
    with_field.push(field);
    vec![table(&objects), stream(&objects), packed(&objects), table(&with_field), stream(&with_field)]
}

fn body(objects: &[String]) -> (Vec<u8>, Vec<usize>) {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(out.len());
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    (out, places)
}

fn table(objects: &[String]) -> Vec<u8> {
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

fn stream(objects: &[String]) -> Vec<u8> {
    let (mut out, places) = body(objects);
    let rows = places.iter().map(|place| (1, *place, 0)).collect();
    with_stream(&mut out, rows);
    out
}

/// Everything but the content in an object stream.
fn packed(objects: &[String]) -> Vec<u8> {
    let (mut out, mut rows) = (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), Vec::new());
    let (mut index, mut bodies, mut within) = (String::new(), String::new(), 0);
    let container = objects.len() + 1;
    for (number, object) in (1..).zip(objects) {
        if object.contains("stream\n") {
            rows.push((1, out.len(), 0));
            out.extend(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
        } else {
            rows.push((2, container, within));
            index.push_str(&format!("{number} {} ", bodies.len()));
            bodies.push_str(&format!("{object} "));
            within += 1;
        }
    }
    rows.push((1, out.len(), 0));
    let head = format!("<</Type/ObjStm/N {within}/First {}/Length {}>>", index.len(), index.len() + bodies.len());
    out.extend(format!("{container} 0 obj\n{head}\nstream\n{index}{bodies}\nendstream\nendobj\n").as_bytes());
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
