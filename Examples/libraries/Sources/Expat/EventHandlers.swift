import BulkheadSandbox

/// The closures that Expat calls.
struct EventHandlers: ~Copyable {
    private let declaration: SandboxCallback<LibExpat.XML_XmlDeclHandler>
    private let documentType: SandboxCallback<LibExpat.XML_StartDoctypeDeclHandler>
    private let start: SandboxCallback<LibExpat.XML_StartElementHandler>
    private let end: SandboxCallback<LibExpat.XML_EndElementHandler>
    private let text: SandboxCallback<LibExpat.XML_CharacterDataHandler>
    private let comment: SandboxCallback<LibExpat.XML_CommentHandler>
    private let instruction: SandboxCallback<LibExpat.XML_ProcessingInstructionHandler>

    init(_ sandbox: inout Sandbox<LibExpat>, _ source: EventSource) throws {
        let declaration = try sandbox.callback(LibExpat.XML_XmlDeclHandler.self) {
            sandbox, _, version, encoding, standalone in
            source.report(&sandbox) { sandbox in
                .declaration(
                    version: try source.string(&sandbox, version), encoding: try source.string(&sandbox, encoding),
                    isStandalone: try standalone.verified(in: -1...1) == -1 ? nil : standalone.verified(in: 0...1) == 1)
            }
        }
        let documentType = try sandbox.callback(LibExpat.XML_StartDoctypeDeclHandler.self) {
            sandbox, _, name, systemID, publicID, _ in
            source.report(&sandbox) { sandbox in
                .documentType(
                    name: try source.required(&sandbox, name), systemID: try source.string(&sandbox, systemID),
                    publicID: try source.string(&sandbox, publicID))
            }
        }
        let start = try sandbox.callback(LibExpat.XML_StartElementHandler.self) { sandbox, _, name, attributes in
            source.report(&sandbox) { sandbox in
                .startElement(
                    try source.name(&sandbox, name), attributes: try source.attributes(&sandbox, attributes))
            }
        }
        let end = try sandbox.callback(LibExpat.XML_EndElementHandler.self) { sandbox, _, name in
            source.report(&sandbox) { sandbox in .endElement(try source.name(&sandbox, name)) }
        }
        let text = try sandbox.callback(LibExpat.XML_CharacterDataHandler.self) { sandbox, _, start, count in
            source.report(&sandbox) { sandbox in .text(try source.text(&sandbox, start, count)) }
        }
        let comment = try sandbox.callback(LibExpat.XML_CommentHandler.self) { sandbox, _, text in
            source.report(&sandbox) { sandbox in .comment(try source.required(&sandbox, text)) }
        }
        let instruction = try sandbox.callback(LibExpat.XML_ProcessingInstructionHandler.self) {
            sandbox, _, target, data in
            source.report(&sandbox) { sandbox in
                .processingInstruction(
                    target: try source.required(&sandbox, target), data: try source.required(&sandbox, data))
            }
        }
        let parser = source.parser
        try sandbox.XML_SetXmlDeclHandler(parser, declaration.pointer)
        try sandbox.XML_SetStartDoctypeDeclHandler(parser, documentType.pointer)
        try sandbox.XML_SetElementHandler(parser, start.pointer, end.pointer)
        try sandbox.XML_SetCharacterDataHandler(parser, text.pointer)
        try sandbox.XML_SetCommentHandler(parser, comment.pointer)
        try sandbox.XML_SetProcessingInstructionHandler(parser, instruction.pointer)

        // Nothing throws from here on: a structure like this can't be half made.
        self.declaration = declaration
        self.documentType = documentType
        self.start = start
        self.end = end
        self.text = text
        self.comment = comment
        self.instruction = instruction
    }
}
