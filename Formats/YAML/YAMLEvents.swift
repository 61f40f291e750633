import CYAML

/// One event of the parser, with where it begins.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd
        case documentStart(hasTagDirectives: Bool), documentEnd
        case alias(String)
        case scalar(YAMLScalar, anchor: String?)
        case sequenceStart(tag: String?, anchor: String?), sequenceEnd
        case mappingStart(tag: String?, anchor: String?), mappingEnd
    }

    let kind: Kind
    let place: YAMLPlace
}

/// The library's parser as a source of events.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// - Parameter bytes: Must stay in place as long as events are taken.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw .syntax("there is no memory for the parser", at: YAMLPlace())
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        // The library wants an address even for no bytes.
        yaml_parser_set_input_string(parser, bytes.baseAddress ?? UnsafePointer(bitPattern: 1), bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(kind: YAMLEvents.kind(of: event), place: YAMLPlace(event.start_mark))
    }

    /// The library's words for the fault are fixed phrases; none repeats the text.
    private func failure() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
        let isReaderError = parser.pointee.error == YAML_READER_ERROR
        return .syntax(problem, at: YAMLPlace(isReaderError ? parser.pointee.mark : parser.pointee.problem_mark))
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT:
            let directives = event.data.document_start.tag_directives
            return .documentStart(hasTagDirectives: directives.start != directives.end)
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return .scalar(
                YAMLScalar(text: String(decoding: bytes, as: UTF8.self), isPlain: isPlain, tag: text(scalar.tag)),
                anchor: text(scalar.anchor))
        case YAML_SEQUENCE_START_EVENT:
            return .sequenceStart(tag: text(event.data.sequence_start.tag), anchor: text(event.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            return .mappingStart(tag: text(event.data.mapping_start.tag), anchor: text(event.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return .streamEnd
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(decodingCString: $0, as: UTF8.self) }
    }
}

extension YAMLPlace {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}
