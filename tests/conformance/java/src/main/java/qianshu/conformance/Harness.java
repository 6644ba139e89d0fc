// SPDX-License-Identifier: Apache-2.0
package qianshu.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON request a line on standard input, writes one JSON answer a line on standard output, until the input
 * ends. One JVM judges many files: starting it costs more than any single judgement.
 *
 * <p>A request names a {@code tool} ("verapdf" or "dss") and a {@code file}. Whatever a validator throws is answered as
 * {@code {"id":…, "failure":"…"}} and the next request is served: an unreadable file is an answer, not an end.
 */
public final class Harness {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Harness() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // The answer channel carries answers only: whatever a library prints goes to the log.
        System.setOut(System.err);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            JsonNode request = JSON.readTree(line);
            ObjectNode answer = answer(request);
            answer.set("id", request.get("id"));
            answers.println(JSON.writeValueAsString(answer));
        }
    }

    private static ObjectNode answer(JsonNode request) {
        try {
            String tool = request.required("tool").asText();
            return switch (tool) {
                case "verapdf" -> VeraPdf.judge(request, JSON);
                case "dss" -> Dss.judge(request, JSON);
                case "dss-container" -> Dss.judgeContainer(request, JSON);
                case "unzip" -> Unzip.read(request, JSON);
                default -> throw new IllegalArgumentException("unknown tool " + tool);
            };
        } catch (Exception | StackOverflowError | OutOfMemoryError problem) {
            // A hostile file may exhaust the stack or the heap of a parser: that too is an answer.
            return JSON.createObjectNode().put("failure", problem.toString());
        }
    }
}
