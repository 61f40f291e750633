/// The components of each data type, for all versions, written as in `HL7SegmentFacts`; a primitive type has none.
///
/// Source: HL7 v2.1 to v2.8.2, chapter 2A (chapter 2 before 2.5).
enum HL7TypeFacts {
    static let table = """
        AD ST*4 ID,cST ID .,bID .,bST
        AUI[d] ST TS,eDT ST
        CCD[d] ID TS,hDTM
        CCP[d] NM*3
        CD[c] CM_WVI,dWVI CM_ELECTRODE,dWVS CM_CSU,dCSU CM_CP,dCCP NM CM_MDV,dNR
        CE[a-h] ID,dST ST ST,eIS,fID ST,cID,dST ST ST,eIS,fID
        CF[c] ID,dST,eID,fST FT ST,eIS,fID ID,dST,eID,fST FT ST,eIS,fID .,iST*4 .,iFT .,iID .,iST*3 .,iDTM .,iST*2 .,iDTM .,iST*2 \
        .,iDTM
        CK[a-e] NM NM,cST,dNM ID .,bST,cHD
        CK_ACCOUNT_NO[b-b] NM*2 ID*2
        CM_ABS_RANGE[b-c] CM_RANGE NM*3
        CM_AUI[b-c] ST DT,cTS ST
        CM_BATCH_TOTAL[b-b] NM*2
        CM_CCD[b-c] ID TS
        CM_CP[c-c] NM*3
        CM_CSU[c-c] NM ID ST*2 ID ST*2
        CM_DDI[b-c] ST,cNM NM*2
        CM_DIN[b-c] TS CE
        CM_DLD[b-c] ID TS
        CM_DLT[b-c] CM_RANGE NM ST NM
        CM_DTN[b-c] ID,cIS NM
        CM_EIP[b-c] ST,cEI*2
        CM_ELD[b-c] ST NM*2 CE
        CM_ELECTRODE[c-c] ST*2
        CM_FILLER[b-b] ID*2
        CM_FINANCE[b-b] ID TS
        CM_GROUP_ID[b-b] ID*2
        CM_INTERNAL_LOCATION[b-b] ID*8
        CM_JOB_CODE[b-b] ID*2
        CM_LA1[b-c] CM_INTERNAL_LOCATION,cST AD,cIS .,cIS .,cHD .,cIS*3 .,cST*6 .,cID*2 .,cST
        CM_LICENSE_NO[b-b] ST*2
        CM_MDV[c-c] NM*2
        CM_MOC[b-c] ST,cMO ST,cCE
        CM_MSG[a-c] ID*2
        CM_NDL[b-c] CN TS*2 CM_INTERNAL_LOCATION,cIS .,cIS*2 .,cHD .,cIS*3 .,cST
        CM_OCD[b-c] ID,cCE DT
        CM_OS[c-c] ID ST IS ST IS ST NM ST ID ST ID
        CM_OSP[b-c] ID,cCE DT*2
        CM_PARENT_RESULT[b-b] CE ST CE
        CM_PAT_ID[b-b] ST NM ID*3
        CM_PAT_ID_0192[b-b] ST NM ID*3
        CM_PCF[b-c] ID,cIS ID TS
        CM_PEN[b-c] ID,cIS NM
        CM_PI[c-c] ST IS ST
        CM_PIP[b-c] CE*2 DT*2
        CM_PLACER[b-b] ID*2
        CM_PLN[b-c] ST ID,cIS ST .,cDT
        CM_POSITION[b-b] ST*3
        CM_PRACTITIONER[b-b] CN ID
        CM_PRL[c-c] CE ST TX
        CM_PTA[b-c] ID,cIS*2 NM
        CM_RANGE[b-c] CE*2
        CM_RFR[b-c] CE,cCM_RANGE ID,cIS CE,cCM_RANGE*2 ST,cTX ID,cST ST,cTX
        CM_RMC[b-c] ID,cIS*2 NM
        CM_SPD[b-c] ST*2 ID DT
        CM_SPS[b-c] CE TX*2 CE*2 .,cCE
        CM_UVC[b-c] ID,cIS NM
        CM_VR[b-c] ST*2
        CM_WVI[c-c] NM ST
        CN[a-e] ID,cST ST,eFN ST*3 .,bST .,bST,dIS .,bID,dIS .,cHD
        CNE[d] ST*2 ST,eIS,fID ST*2 ST,eIS,fID ST*3 .,iST*2 .,iID .,iST*3 .,iDTM .,iST*2 .,iDTM .,iST*2 .,iDTM
        CNN[d] ST*6 IS*3 ST ID
        CNS[d-d] ST*6 IS*3 ST ID
        CP[c] MO ID NM*2 CE,hCWE ID
        CQ ST,cNM ST,cCE,hCWE
        CSU[d] NM ST*2 IS,fID ST*2 IS,fID .,iST*5 .,iID .,iST*3 .,iDTM .,iST*2 .,iDTM .,iST*3
        CWE[d] ST*2 ST,eIS,fID ST*2 ST,eIS,fID ST*3 .,iST*2 .,iID .,iST*3 .,iDTM .,iST*2 .,iDTM .,iST*2 .,iDTM
        CX[c] ST ST,dNM,eST ID HD IS,eID HD .,eDT*2 .,fCWE*2 .,iST .,iID
        DDI[d] NM NM,fMO NM
        DIN[d] TS,hDTM CE,hCWE
        DLD[d] IS,eID,fIS,hCWE TS,hDTM
        DLN[c] ST IS,iCWE DT
        DLT[d] NR NM ST,fID NM
        DR[c] TS,hDTM*2
        DT
        DTM[f]
        DTN[d] IS,iCWE NM
        ED[c] HD ID*3 ST,fTX
        EI[c] ST IS ST ID
        EIP[d] EI*2
        ELD[d-h] ST NM*2 CE,hCWE
        ERL[f] ST NM*5
        FC[c] IS,iCWE TS,hDTM
        FN[d] ST*2 .,eST*3
        FT
        GTS[f]
        HD[c] IS ST ID
        ICD[f] IS,iCWE ID TS,hDTM
        ID
        IS[c]
        JCC[c] IS,iCWE*2 .,fTX
        LA1[d-j] IS*3 HD IS*4 AD
        LA2[d-j] IS*3 HD IS*4 ST*5 ID*2 ST
        MA[c] NM*4 NM,h.*2
        MO[c] NM ID
        MOC[d] MO CE,hCWE
        MOP[d] IS,fID NM .,fID
        MSG[d] ID*3
        NA[c] NM*4
        NDL[d] CNN TS,hDTM*2 IS*3 HD IS*4
        NM
        NR[d] NM*2
        OCD[d] ID,eIS,fCNE DT
        OG[m] ST NM*2 ST
        OSD[d-h] ID ST IS ST IS ST NM ST ID ST ID
        OSP[d] CE,fCNE DT*2
        PCF[d-e] IS ID TS
        PI[d-e] ST IS ST
        PIP[d] CE,hCWE*2 DT*2 EI
        PL[c] ID,dIS,iHD IS,iHD*2 HD IS*2 IS,iHD ST,dIS,iHD ST .,fEI .,fHD
        PLN[d] ST IS,iCWE ST DT
        PN[a-e] ST,dFN ST*4 ST,dIS
        PPN[c] ST ST,dFN ST*4 ST,dIS,iX ID,dIS,iCWE HD ID ST ID IS,fID HD TS,hDTM .,dID .,eCE,hCWE .,eDR,iX .,eID .,fTS,hDTM*2 .,fST \
        .,fCWE*2 .,iST .,iID
        PRL[d] CE,hCWE ST,mOG TX
        PT[c] ST,dID*2
        PTA[d] IS,iCWE*2 NM,iX .,fMOP
        QIP[c] ST*2
        QSC[c] ST ID ST ID
        RCD[c] ST ST,fID NM
        RFR[d] NR IS,iCWE NR*2 TX,fST ST TX
        RI[b] ST,cIS,iCWE ST
        RMC[d] IS,iCWE*2 NM,iX .,fMOP
        RP[c] ST HD ID*2
        RPT[f] CWE ID NM*3 IS,iCWE ID*2 NM IS,iCWE GTS
        SAD[e] ST*3
        SCV[c] IS,fCWE ST,dIS,eST
        SI
        SN[c] ST NM ST NM
        SNM[i]
        SPD[d] ST*2 ID DT
        SPS[d-h] CE,fCWE TX,fCWE TX CE,fCWE*4
        SRT[e] ST ID
        ST
        TM
        TN[a-e]
        TQ[b-h] CQ RI ST TS,hDTM*2 ID,cST ST TX,dST,eTX ID,cST,eID ST,cCM_OS,dOSD .,dCE,hCWE .,dNM
        TS[a-h] DTM ST,fID
        TX
        UVC[d] IS,fCNE,iCWE NM,fMO .,iNM .,iCWE
        VH[c] ID*2 TM*2
        VID[d] ID CE,hCWE*2
        VR[d] ST*2
        WVI[d] NM ST
        WVS[d] ST*2
        XAD[c] ST,eSAD ST*4 ID*2 ST IS,iCWE*2 .,dID .,eDR,iX .,fTS,hDTM*2 .,hCWE .,hID*3 .,hST*2 .,hNM .,hCWE .,hEI
        XCN[c] ST ST,dFN ST*4 ST,dIS,iX ID,dIS,iCWE HD ID ST ID IS,fID HD .,dID .,eCE,hCWE .,eDR,iX .,eID .,fTS,hDTM*2 .,fST .,fCWE*2 \
        .,iST .,iID
        XON[c] ST IS,iCWE NM,iX ST,dNM,kX ID,kX HD IS,fID HD .,dID .,fST
        XPN[c] ST,dFN ST*4 ST,dIS,iST,kX ID*2 .,eCE,hCWE .,eDR,iST,kX .,eID .,fTS,hDTM*2 .,fST .,iST
        XTN[c] TN,fST,hX ID*2 ST NM,iSNM*4 ST .,fST*3 .,hDTM*2 .,hCWE*2 .,hEI .,hNM
        """
}
