// SPDX-License-Identifier: Apache-2.0
package qianshu.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.validation.reports.Reports;
import java.util.Date;
import java.util.List;

/** What DSS found in a container, as JSON: its own words and no judgement of ours. */
final class DssContainerReport {
    private final SimpleReport verdicts;
    private final DiagnosticData facts;
    private final ObjectMapper json;

    DssContainerReport(Reports reports, ObjectMapper json) {
        this.verdicts = reports.getSimpleReport();
        this.facts = reports.getDiagnosticData();
        this.json = json;
    }

    ObjectNode toJson() {
        ObjectNode answer = json.createObjectNode();
        answer.put("container_type", String.valueOf(facts.getContainerType()));
        answer.put("mimetype", facts.getMimetypeFileContent());
        ArrayNode signatures = answer.putArray("signatures");
        facts.getSignatures().forEach(signature -> signatures.add(signature(signature)));
        ArrayNode timestamps = answer.putArray("timestamps");
        facts.getTimestampList().forEach(timestamp -> timestamps.add(timestamp(timestamp)));
        return answer;
    }

    private ObjectNode signature(SignatureWrapper signature) {
        ObjectNode node = verdict(signature.getId());
        node.put("file", signature.getFilename());
        node.put("level", String.valueOf(signature.getSignatureFormat()));
        node.put("signer", verdicts.getSignedBy(signature.getId()));
        node.put("best_signature_time", iso(verdicts.getBestSignatureTime(signature.getId())));
        ArrayNode covers = node.putArray("covers");
        signature.getSignatureScopes().forEach(scope -> covers.add(scope.getName()));
        return node;
    }

    private ObjectNode timestamp(TimestampWrapper timestamp) {
        ObjectNode node = verdict(timestamp.getId());
        node.put("type", timestamp.getType().name());
        node.put("produced_at", iso(timestamp.getProductionTime()));
        return node;
    }

    private ObjectNode verdict(String id) {
        ObjectNode node = json.createObjectNode();
        node.put("indication", String.valueOf(verdicts.getIndication(id)));
        node.put("sub_indication", verdicts.getSubIndication(id) == null ? null : verdicts.getSubIndication(id).name());
        addMessages(node, "errors", verdicts.getAdESValidationErrors(id));
        addMessages(node, "warnings", verdicts.getAdESValidationWarnings(id));
        return node;
    }

    private static void addMessages(ObjectNode node, String name, List<Message> messages) {
        ArrayNode texts = node.putArray(name);
        messages.forEach(message -> texts.add(message.getKey() + ": " + message.getValue()));
    }

    private static String iso(Date date) {
        return date == null ? null : date.toInstant().toString();
    }
}
