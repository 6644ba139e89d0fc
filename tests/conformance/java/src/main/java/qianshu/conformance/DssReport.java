// SPDX-License-Identifier: Apache-2.0
package qianshu.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import eu.europa.esig.dss.diagnostic.AbstractSignatureWrapper;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.PDFRevisionWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlObjectModification;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.validation.reports.Reports;
import java.math.BigInteger;
import java.util.Date;
import java.util.List;

/** What DSS found, as JSON: its own words and no judgement of ours. */
final class DssReport {
    private final SimpleReport verdicts;
    private final DiagnosticData facts;
    private final ObjectMapper json;

    DssReport(Reports reports, ObjectMapper json) {
        this.verdicts = reports.getSimpleReport();
        this.facts = reports.getDiagnosticData();
        this.json = json;
    }

    ObjectNode toJson() {
        ObjectNode answer = json.createObjectNode();
        answer.put("signatures_count", verdicts.getSignaturesCount());
        answer.put("passed_count", verdicts.getValidSignaturesCount());
        ArrayNode signatures = answer.putArray("signatures");
        for (SignatureWrapper signature : facts.getSignatures()) {
            signatures.add(signature(signature));
        }
        ArrayNode timestamps = answer.putArray("timestamps");
        for (TimestampWrapper timestamp : facts.getTimestampList()) {
            timestamps.add(timestamp(timestamp));
        }
        return answer;
    }

    private ObjectNode signature(SignatureWrapper signature) {
        String id = signature.getId();
        ObjectNode node = verdict(id);
        node.put("level", String.valueOf(signature.getSignatureFormat()));
        node.put("signer", verdicts.getSignedBy(id));
        node.put("best_signature_time", iso(verdicts.getBestSignatureTime(id)));
        node.put("scope", signature.getSignatureScopes().isEmpty()
                ? "NONE"
                : signature.getSignatureScopes().get(0).getScope().name());
        addRevision(node, signature);
        return node;
    }

    private ObjectNode timestamp(TimestampWrapper timestamp) {
        ObjectNode node = verdict(timestamp.getId());
        node.put("type", timestamp.getType().name());
        node.put("produced_at", iso(timestamp.getProductionTime()));
        if (timestamp.getPDFRevision() != null) {
            addRevision(node, timestamp);
        }
        return node;
    }

    private ObjectNode verdict(String id) {
        ObjectNode node = json.createObjectNode();
        node.put("id", id);
        node.put("indication", String.valueOf(verdicts.getIndication(id)));
        node.put("sub_indication", verdicts.getSubIndication(id) == null ? null : verdicts.getSubIndication(id).name());
        addMessages(node, "errors", verdicts.getAdESValidationErrors(id));
        addMessages(node, "warnings", verdicts.getAdESValidationWarnings(id));
        addMessages(node, "infos", verdicts.getAdESValidationInfo(id));
        return node;
    }

    private static void addRevision(ObjectNode node, AbstractSignatureWrapper token) {
        PDFRevisionWrapper revision = token.getPDFRevision();
        node.put("field", revision.getFirstFieldName());
        node.put("sub_filter", revision.getSubFilter());
        node.put("certification", revision.getDocMDPPermissions() == null ? null : revision.getDocMDPPermissions().name());
        ObjectNode changes = node.putObject("changes");
        addPages(changes, "pages_overlapped", revision.getPdfAnnotationsOverlapConcernedPages());
        addPages(changes, "pages_added_or_removed", revision.getPdfPageDifferenceConcernedPages());
        addPages(changes, "pages_looking_different", revision.getPdfVisualDifferenceConcernedPages());
        addChanges(changes, "extension", revision.getPdfExtensionChanges());
        addChanges(changes, "signing_or_form_fill", revision.getPdfSignatureOrFormFillChanges());
        addChanges(changes, "annotation", revision.getPdfAnnotationChanges());
        addChanges(changes, "undefined", revision.getPdfUndefinedChanges());
    }

    private static void addMessages(ObjectNode node, String name, List<Message> messages) {
        ArrayNode texts = node.putArray(name);
        messages.forEach(message -> texts.add(message.getKey() + ": " + message.getValue()));
    }

    private static void addPages(ObjectNode node, String name, List<BigInteger> pages) {
        ArrayNode numbers = node.putArray(name);
        pages.forEach(page -> numbers.add(page.intValueExact()));
    }

    private static void addChanges(ObjectNode node, String name, List<XmlObjectModification> changes) {
        ArrayNode texts = node.putArray(name);
        changes.forEach(change -> texts.add(change.getAction() + " " + change.getValue()));
    }

    private static String iso(Date date) {
        return date == null ? null : date.toInstant().toString();
    }
}
