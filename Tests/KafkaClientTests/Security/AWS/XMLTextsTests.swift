// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import KafkaClient

/// Answers in XML.
@Suite("XMLTexts")
struct XMLTextsTests {
    @Test(
        "texts are found by the paths of their elements",
        arguments: [
            ("<a/>", "a", ""), ("<a>b</a>", "a", "b"), ("<a><b>c</b></a>", "a/b", "c"), ("<a><b>c</b></a>", "a", nil),
            ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a x='1' xmlns:y=\"z>\" >b</a >\n", "a", "b"),
            ("<a><b>1</b><b>2</b></a>", "a/b", "1"),
            ("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;</a>", "a", "<>&\"'AB😀"),
            ("<a>x<b/>y</a>", "a", nil), ("<a:b-c.1>d</a:b-c.1>", "a:b-c.1", "d"), ("<a> é </a>", "a", " é "),
        ] as [(String, String, String?)]
    )
    func texts(document: String, path: String, expected: String?) throws {
        #expect(try #require(XMLTexts(Array(document.utf8)))[path] == expected)
    }

    @Test(
        "what is not whole or not plain is none",
        arguments: [
            "", "a", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "</a>", "<a", "<a x></a>", "<a x=1/>", "<a x='1/>",
            "<a x='<'/>",
            "<a x='1'y='2'/>", "<1/>", "<a>&x;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&amp</a>", "<a>&#;</a>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "<a><!-- b --></a>", "<a><![CDATA[b]]></a>", "<a><?b?></a>", "<?xml",
            String(repeating: "<a>", count: 17) + String(repeating: "</a>", count: 17),
        ]
    )
    func none(document: String) {
        #expect(XMLTexts(Array(document.utf8)) == nil)
    }
}
