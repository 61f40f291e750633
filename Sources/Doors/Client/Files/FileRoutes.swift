import HTTPServer

/// The client's page for every address under `/app`, and its files.
struct FileRoutes: Sendable {
    let door: ClientDoor

    /// What the client may do: run its own modules, show its own styles, pictures and fonts, and call this server.
    static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
        "manifest-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
        "trusted-types kit",
    ].joined(separator: "; ")

    func add(to router: inout Router) {
        guard let files = door.files else { return }
        router.on(.get, "/app") { FileRoutes.page(files, $0) }
        router.on(.get, "/app/{path*}") { FileRoutes.page(files, $0) }
        // At a fixed address, as a worker watches over what lies below its own.
        router.onAtOnce(.get, "/app/worker.js") { request in
            let build = files.newest
            guard let worker = build.files["worker.js"] else {
                return .problem(404, code: "client.no_file", detail: "The client has no worker.", instruction: "Load the page again.")
            }
            var response = FileRoutes.answer(worker, request, cache: "no-cache", tag: build.name)
            response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
            return response
        }
        router.onAtOnce(.get, "/app/assets/{build}/{path*}") { request in
            guard let build = files.build(request.parameters["build"] ?? ""), let file = build.files[request.parameters["path"] ?? ""]
            else {
                return .problem(
                    404, code: "client.no_file", detail: "The client has no such file, or no longer.", instruction: "Load the page again.")
            }
            return FileRoutes.answer(file, request, cache: "public, max-age=31536000, immutable", tag: build.name)
        }
    }

    private static func page(_ files: ClientFiles, _ request: HTTPRequest) -> HTTPResponse {
        let build = files.newest
        var response = answer(build.page, request, cache: "no-cache", tag: build.name)
        // A worker may only be where there is one.
        response.headers["Content-Security-Policy"] = policy + (build.files["worker.js"] == nil ? "" : "; worker-src 'self'")
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response
    }

    private static func answer(_ file: ClientFiles.File, _ request: HTTPRequest, cache: String, tag: String) -> HTTPResponse {
        let (coding, bytes) = form(of: file, for: request)
        let etag = "\"\(tag)\(coding.map { "-" + $0 } ?? "")\""
        var headers: HTTPHeaders = ["Cache-Control": cache, "ETag": etag, "Vary": "Accept-Encoding"]
        if request.headers["If-None-Match"]?.split(separator: ",").contains(where: { $0.filter { $0 != " " } == etag }) ?? false {
            return HTTPResponse(status: 304, headers: headers)
        }
        headers["Content-Type"] = file.type
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if let coding { headers["Content-Encoding"] = coding }
        return HTTPResponse(headers: headers, body: bytes)
    }

    /// The shortest form that the client takes, and its name.
    private static func form(of file: ClientFiles.File, for request: HTTPRequest) -> (coding: String?, bytes: [UInt8]) {
        if let brotli = file.brotli, Packing.takesBrotli(request) { return ("br", brotli) }
        if let packed = file.packed, Packing.isTaken(by: request) { return ("gzip", packed) }
        return (nil, file.bytes)
    }
}
