/// What a label on a form announces.
enum LabelKind: Hashable, Sendable {
    case patient, familyName, givenName, birthDate, sex, phone, officePhone, address, street, city, state, zip, place
    case payer, member, referrer, practice, npi, specialty, urgency, service, reason, diagnosis, procedure, date
    /// A name or a phone, of whomever the section speaks.
    case name
    /// The beginning of a section.
    case patientSection, coverageSection, requestSection, referrerSection
    /// Something that nobody asks for, but that ends the value before it.
    case other

    /// Whether it begins a section when it stands alone.
    var section: Section? {
        switch self {
        case .patientSection, .patient: .patient
        case .coverageSection, .payer: .coverage
        case .requestSection, .service: .request
        case .referrerSection, .referrer, .practice: .referrer
        default: nil
        }
    }
}

/// Of whom or what a part of a form speaks.
enum Section: Hashable, Sendable { case none, patient, coverage, request, referrer }

/// The words by which forms ask, as they stand on paper in practices; letters and digits only.
///
/// Collected from what referral forms commonly print, not from the samples alone. A longer phrase wins over a shorter one.
enum LabelBook {
    static let phrases: [(phrase: [UInt8], kind: LabelKind)] = {
        var list: [(phrase: [UInt8], kind: LabelKind)] = []
        for (kind, texts) in all { for text in texts.split(separator: ",") { list.append((Array(PlainText.of(String(text)).utf8), kind)) } }
        return list
    }()
    static let exact: [String: LabelKind] = Dictionary(
        phrases.map { (String(decoding: $0.phrase, as: UTF8.self), $0.kind) }, uniquingKeysWith: { first, _ in first })
    /// Phrases by how many letters they have, for those that are compared letter by letter.
    static let byLength: [Int: [(phrase: [UInt8], kind: LabelKind, signs: UInt64)]] = Dictionary(
        grouping: phrases.map { ($0.phrase, $0.kind, signs($0.phrase)) }
    ) { $0.0.count }

    /// Which letters and digits occur, a bit for each: a changed letter changes two bits at most.
    static func signs(_ phrase: [UInt8]) -> UInt64 { phrase.reduce(0) { $0 | 1 << UInt64($1 & 63) } }

    static let longest = phrases.map(\.phrase.count).max() ?? 0

    private static let all: [(LabelKind, String)] = [
        (
            .patient,
            "patient name,name of patient,patient,patients name,pt name,re,regarding,patient full name,client name,member name,patient legal name"
        ),
        (.familyName, "last name,patient last name,family name,surname,patients last name,last,legal last name"),
        (.givenName, "first name,given name,patient first name,patients first name,first,legal first name,given names"),
        (
            .birthDate,
            "dob,date of birth,birth date,birthdate,patient dob,patient date of birth,born,birthday,date of birth mmddyyyy,dob mmddyyyy,patient birth date"
        ),
        (.sex, "sex,gender,legal sex,sex mf,gender mf,birth sex,sex at birth,patient sex,patient gender,m f,sex assigned at birth"),
        (
            .phone,
            "phone,phone number,telephone,home phone,cell phone,mobile,mobile phone,patient phone,phone no,tel,cell,primary phone,patient phone number,contact phone,contact number,telephone number,daytime phone,best phone,phone home,phone cell,patient telephone,preferred phone"
        ),
        (
            .officePhone,
            "office phone,clinic phone,practice phone,office telephone,provider phone,phone office,referring phone,practice telephone,work phone,physician phone,office number,fax,fax number,office fax,fax no,clinic fax,referring provider phone,emergency contact,emergency phone,customer service"
        ),
        (.address, "address,home address,patient address,mailing address,full address,residence"),
        (.street, "street,street address,address line 1"), (.city, "city,town,city town"), (.state, "state,st,state province"),
        (.zip, "zip,zip code,zipcode,postal code"), (.place, "city state zip,city state,city st zip,city state zip code,citystatezip"),
        (
            .payer,
            "insurance,insurance company,primary insurance,payer,payor,insurance carrier,carrier,health plan,plan,insurance plan,name of insurance,insurance name,primary payer,insurer,plan name,ins,insurance provider,primary insurance company,payer name"
        ),
        (
            .member,
            "member id,member number,member no,policy number,policy,policy no,subscriber id,insurance id,insurance id number,id number,id,member,subscriber number,policy id,member id number,id no,insurance number,identification number,policy id number,member identification number,ins id,beneficiary id,subscriber id number"
        ),
        (
            .referrer,
            "referring provider,referring physician,referring md,referring doctor,provider name,physician,physician name,provider,ordering provider,ordering physician,referred by,requesting provider,referring practitioner,referring clinician,doctor,referring provider name,referring physician name,requesting physician,clinician,pcp,primary care provider,requested by,attending physician,electronically signed by,referring dr,referring provider printed name,signed by"
        ),
        (
            .practice,
            "practice,practice name,clinic,clinic name,referring practice,ordering practice,facility,office,office name,from,referring facility,referring clinic,facility name,organization,referring office,group practice,practice clinic,referring practice name,from clinic"
        ),
        (
            .npi,
            "npi,npi number,npi no,provider npi,physician npi,npinumber,national provider identifier,referring npi,referring provider npi,individual npi,npi num"
        ),
        (
            .specialty,
            "specialty,specialty requested,refer to,referred to,to specialty,referral to,speciality,department,specialty or department,requested specialty,referring to,specialist,refer to specialty,specialty needed,specialist type,consult to,to,specialty referred to,type of specialist,referral specialty,service line"
        ),
        (
            .urgency,
            "urgency,priority,how soon,referral priority,urgency level,timeframe,time frame,referral type urgency,priority level,acuity,referral urgency,request priority"
        ),
        (
            .service,
            "requested service,services requested,service,service requested,requested procedure,type of service,service or procedure,requested services,procedure requested,order,services,consult type,exam requested,study requested,test requested,visit type,referral for,type of referral,referred for,evaluation requested"
        ),
        (
            .reason,
            "reason for referral,reason for visit,reason for consult,clinical indication,reason,indication,referral reason,reason for consultation,clinical question,clinical reason,chief complaint,indications,reason for request,clinical information,clinical history,presenting problem,reason for exam,reason for study"
        ),
        (
            .diagnosis,
            "diagnosis,diagnosis icd10,diagnosis codes,icd10 codes,icd10 code,icd10,dx codes,dx code,dx,diagnoses,icd10 diagnosis,diagnosis code,icd code,icd codes,icd10 codes,primary diagnosis,diagnosis code icd10,diagnosis icd10 code,diagnosis icd10 codes,icd,icd 10cm,icd10 dx,diagnosis codes icd10,dxs"
        ),
        (
            .procedure,
            "cpt,cpt code,cpt codes,procedure code,procedure codes,procedures,cpt procedure,cpt hcpcs,procedure code cpt,procedure codes cpt,cpt4,procedure"
        ),
        (
            .date,
            "date,date of referral,referral date,order date,request date,todays date,created,date ordered,date requested,date of request,date of order,written on,date written,referral created,ordered on,date referred,date submitted"
        ),
        (.name, "name,full name"),
        (
            .patientSection,
            "patient information,demographics,patient demographics,patient details,about the patient,patient info,patient data,section 1 patient information"
        ),
        (
            .coverageSection,
            "insurance information,coverage,insurance details,coverage information,insurance coverage,insurance info,payer information,billing information"
        ),
        (
            .requestSection,
            "referral details,referral,referral information,referral request,order details,request details,clinical details,referral info,order information,reason and diagnosis,request"
        ),
        (
            .referrerSection,
            "referring provider information,ordered by,referring provider details,provider information,requesting provider information,referring physician information,referrer,referring,practice information,provider details"
        ),
        (
            .other,
            "group,group number,rx bin,rxbin,pcn,pages,page,pages including cover,subject,signature,mrn,medical record number,account number,email,e mail,authorization number,auth number,authorization,allergies,medications,printed,time,notes,comments,ssn,language,preferred language,marital status,interpreter,employer,collected,copay,attachments,date of service,history of present illness,physical exam,assessment and plan,assessment,guarantor,relationship,effective date,secondary insurance,dos,race,ethnicity,number of visits,visits,height,weight,received,deductible,pharmacy,provider signature,physician signature,date signed,cc,tax id,location,appointment,extension"
        ),
    ]
}
