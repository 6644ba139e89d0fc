/** A request whose body is watched while it goes: `fetch` tells nothing of that. */

export function sendWatched(request: Request, body: XMLHttpRequestBodyInit, progress: (share: number) => void): Promise<Response> {
  return new Promise((done, failed) => {
    const asked = new XMLHttpRequest()
    asked.open(request.method, request.url)
    request.headers.forEach((value, name) => asked.setRequestHeader(name, value))
    asked.responseType = 'blob'
    asked.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total)
    }
    asked.onload = () => done(new Response(asked.response as Blob, { status: asked.status, headers: headersOf(asked) }))
    asked.onerror = () => failed(new TypeError('network'))
    asked.ontimeout = asked.onerror
    asked.send(body)
  })
}

function headersOf(asked: XMLHttpRequest): Headers {
  const lines = asked.getAllResponseHeaders().trim().split(/\r?\n/)
  return new Headers(lines.filter(Boolean).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as [string, string]))
}
