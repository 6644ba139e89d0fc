// SPDX-License-Identifier: Apache-2.0
package qianshu.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import eu.europa.esig.dss.asic.cades.validation.ASiCContainerWithCAdESValidator;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * Judges every signature of one PDF or of one ASiC container with EU DSS, by ETSI EN 319 102-1 and the default policy that ships with DSS.
 *
 * <p>Trust comes from the certificates named in the request and from nowhere else; revocation from the file itself and
 * from the CRLs and OCSP answers named in the request. Nothing is fetched.
 */
final class Dss {
    private Dss() {}

    static ObjectNode judge(JsonNode request, ObjectMapper json) {
        return new DssReport(validated(new PDFDocumentValidator(document(request)), request), json).toJson();
    }

    static ObjectNode judgeContainer(JsonNode request, ObjectMapper json) {
        return new DssContainerReport(validated(new ASiCContainerWithCAdESValidator(document(request)), request), json)
                .toJson();
    }

    private static DSSDocument document(JsonNode request) {
        return new FileDocument(new File(request.required("file").asText()));
    }

    private static Reports validated(SignedDocumentValidator validator, JsonNode request) {
        validator.setCertificateVerifier(verifier(request));
        if (request.hasNonNull("validation_time")) {
            validator.setValidationTime(Date.from(Instant.parse(request.get("validation_time").asText())));
        }
        return validator.validateDocument();
    }

    private static CertificateVerifier verifier(JsonNode request) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        for (File pem : files(request, "trust")) {
            trusted.addCertificate(DSSUtils.loadCertificate(pem));
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        // The stock verifier would fetch issuers by the URL a certificate names; a URL found in a file is never followed.
        verifier.setAIASource(null);
        verifier.setCrlSource(new ExternalResourcesCRLSource(documents(request, "crls")));
        verifier.setOcspSource(new ExternalResourcesOCSPSource(documents(request, "ocsps")));
        return verifier;
    }

    private static List<File> files(JsonNode request, String name) {
        List<File> files = new ArrayList<>();
        request.path(name).forEach(path -> files.add(new File(path.asText())));
        return files;
    }

    private static DSSDocument[] documents(JsonNode request, String name) {
        return files(request, name).stream().map(FileDocument::new).toArray(DSSDocument[]::new);
    }
}
