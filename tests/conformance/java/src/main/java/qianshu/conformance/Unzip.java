// SPDX-License-Identifier: Apache-2.0
package qianshu.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads a ZIP from the front, without its directory: names and SHA-256 of its entries, in order. */
final class Unzip {
    private Unzip() {}

    static ObjectNode read(JsonNode request, ObjectMapper json) throws IOException, NoSuchAlgorithmException {
        ObjectNode answer = json.createObjectNode();
        ArrayNode entries = answer.putArray("entries");
        Path file = Path.of(request.required("file").asText());
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file));
                ZipInputStream zip = new ZipInputStream(stream)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                DigestInputStream digested = new DigestInputStream(zip, MessageDigest.getInstance("SHA-256"));
                digested.transferTo(java.io.OutputStream.nullOutputStream());
                ObjectNode node = entries.addObject();
                node.put("name", entry.getName());
                node.put("sha256", HexFormat.of().formatHex(digested.getMessageDigest().digest()));
            }
        }
        return answer;
    }
}
