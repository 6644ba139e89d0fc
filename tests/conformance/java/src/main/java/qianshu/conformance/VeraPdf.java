// SPDX-License-Identifier: Apache-2.0
package qianshu.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Judges one file against ISO 19005 with veraPDF: compliant or not, and each rule that failed, once, with a count. */
final class VeraPdf {
    private static final String AS_CLAIMED = "auto";

    static {
        VeraGreenfieldFoundryProvider.initialise();
    }

    private VeraPdf() {}

    static ObjectNode judge(JsonNode request, ObjectMapper json) throws Exception {
        File file = new File(request.required("file").asText());
        String wanted = request.path("flavour").asText(AS_CLAIMED);
        try (PDFAParser parser = open(file, wanted);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(parser.getFlavour(), false)) {
            return report(validator.validate(parser), json);
        }
    }

    private static PDFAParser open(File file, String wanted) throws Exception {
        if (wanted.equals(AS_CLAIMED)) {
            return Foundries.defaultInstance().createParser(file);
        }
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(wanted);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("unknown flavour " + wanted);
        }
        return Foundries.defaultInstance().createParser(file, flavour);
    }

    private static ObjectNode report(ValidationResult result, ObjectMapper json) {
        ObjectNode answer = json.createObjectNode();
        answer.put("compliant", result.isCompliant());
        answer.put("flavour", result.getPDFAFlavour().getId());
        answer.put("assertions", result.getTotalAssertions());
        ArrayNode failed = answer.putArray("failed_rules");
        failures(result, json).values().forEach(failed::add);
        return answer;
    }

    private static Map<String, ObjectNode> failures(ValidationResult result, ObjectMapper json) {
        Map<String, ObjectNode> byRule = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            String clause = assertion.getRuleId().getClause();
            int test = assertion.getRuleId().getTestNumber();
            byRule.computeIfAbsent(clause + "/" + test, key -> json.createObjectNode()
                    .put("clause", clause)
                    .put("test", test)
                    .put("description", assertion.getMessage())
                    .put("where", assertion.getLocation().getContext())
                    .put("count", result.getFailedChecks().getOrDefault(assertion.getRuleId(), 1)));
        }
        return byRule;
    }
}
